import { EarsReply } from "#contracts/child/ears";
import { parseWith } from "#contracts/parse";
import type { ChildHandle } from "#core/ports/child-process";

export interface EarsWatch {
  /** Another ears process was started. */
  watch(child: ChildHandle): void;
}

/** The orchestrator looks after its ears itself; this only tells when they died, and when others are in their place. */
export function createEarsWatch(onState: (state: "ready" | "restarting") => void): EarsWatch {
  let isReplacement = false;
  return {
    watch(child) {
      let wasReady = false;
      child.onMessage((message) => {
        if (wasReady) return;
        const reply = parseWith(EarsReply, message);
        wasReady = reply.ok && reply.value.type === "ready";
        if (wasReady && isReplacement) onState("ready");
      });
      child.onExit(({ code }) => {
        if (code === 0 || !wasReady) return;
        isReplacement = true;
        onState("restarting");
      });
    },
  };
}
