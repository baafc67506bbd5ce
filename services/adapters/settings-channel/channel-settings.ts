import { AppError, fromWireError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { SettingsMessage, type SettingsRequest } from "#contracts/child/settings-channel";
import { SettingsState, type UserSettingsPatch } from "#contracts/settings/user-settings";
import { PendingCalls } from "#core/lifecycle/pending-calls";
import type { Clock } from "#core/ports/clock";
import type { MessageChannelEnd } from "#core/ports/message-channel";
import type { SettingsKeeper } from "#core/ports/settings";

/** Above the longest change: another Redis that is connected to twice, by two processes. */
const CALL_TIMEOUT_MS = 15_000;

/** The settings of the process at the other end, where `serveSettings` answers. Rejects with `connect-failed` when nobody does. */
export function createChannelSettings({
  channel,
  clock,
}: {
  channel: MessageChannelEnd;
  clock: Clock;
}): SettingsKeeper {
  const pending = new PendingCalls({ clock, timeoutMs: CALL_TIMEOUT_MS });
  const listeners = new Set<(state: SettingsState) => void>();
  const gone = (): AppError =>
    new AppError("connect-failed", { detail: "the process that keeps the settings does not answer" });
  channel.onClose(() => pending.endAll(gone()));
  channel.onMessage((raw) => {
    const parsed = parseWith(SettingsMessage, raw);
    if (!parsed.ok) return;
    const message = parsed.value;
    if (message.type === "settings-reply") pending.resolve(message.requestId, message.state);
    else if (message.type === "settings-failed") pending.reject(message.requestId, fromWireError(message.error));
    else for (const listener of [...listeners]) listener(message.state);
  });
  const ask = async (patch?: UserSettingsPatch): Promise<SettingsState> =>
    SettingsState.parse(
      await pending.make(
        (requestId) => channel.send({ type: "settings-request", requestId, patch } satisfies SettingsRequest),
        gone,
      ),
    );
  return {
    read: () => ask(),
    change: (patch) => ask(patch),
    onChange(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
  };
}
