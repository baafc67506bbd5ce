import type { DesktopBridge, DesktopEvent, TalkCommand, TalkReport } from "#contracts/ipc/desktop-bridge";
import { assertNever } from "#core/lifecycle/assert-never";
import { DisposableStore, type Disposable } from "#core/lifecycle/disposable";
import type { ConversationController } from "../conversation/conversation-controller";
import { isRunning, type ConversationView } from "../conversation/conversation-view";
import { statusWords } from "../conversation/status-words";
import { workerWords, type WorkerStatus } from "../worker/worker-status";
import type { PartsStore } from "./parts-store";

export interface DesktopBinding {
  bridge: Pick<DesktopBridge, "onEvent" | "report">;
  controller: ConversationController;
  parts: PartsStore;
  /** Where conversations are held elsewhere, tray and menu show the worker instead. */
  worker: {
    isWorkerOnly(): boolean;
    getStatus(): WorkerStatus;
    /** Called with each change of either. */
    subscribe(listener: () => void): () => void;
  };
}

/** What the conversation was when the computer went to sleep. */
interface BeforeSleep {
  isRunning: boolean;
  hasMicrophone: boolean;
  isPaused: boolean;
}

/** Tray, menu and keys act on the conversation, and show it; sleep halts it; dead parts are told. */
export function bindDesktop({ bridge, controller, parts, worker }: DesktopBinding): Disposable {
  const owned = new DisposableStore();
  let reported = "";
  const report = (): void => {
    const talk = worker.isWorkerOnly() ? reportOfWorker(worker.getStatus()) : reportOf(controller.getView());
    const text = JSON.stringify(talk);
    if (text === reported) return;
    reported = text;
    bridge.report(talk).catch(() => undefined);
  };
  let beforeSleep: BeforeSleep | undefined;
  const hear = (event: DesktopEvent): void => {
    switch (event.type) {
      case "command":
        return worker.isWorkerOnly() ? undefined : obey(controller, event.command);
      case "suspend":
        beforeSleep ??= fallAsleep(controller);
        return;
      case "wake":
        if (beforeSleep !== undefined) wakeUp(controller, beforeSleep);
        beforeSleep = undefined;
        return;
      case "part":
        return parts.set(event.part, event.state);
      default:
        return assertNever(event);
    }
  };
  owned.add({ dispose: controller.subscribe(report) });
  owned.add({ dispose: worker.subscribe(report) });
  owned.add({ dispose: bridge.onEvent(hear) });
  report();
  return owned;
}

function reportOf(view: ConversationView): TalkReport {
  const { hasMicrophone, isMuted, isPaused } = view;
  return {
    canTalk: true,
    isTalking: isRunning(view.phase),
    hasMicrophone,
    isMuted,
    isPaused,
    status: statusWords(view),
  };
}

function reportOfWorker(status: WorkerStatus): TalkReport {
  const nothing = { isTalking: false, hasMicrophone: false, isMuted: false, isPaused: false };
  return { canTalk: false, ...nothing, status: workerWords(status) };
}

function obey(controller: ConversationController, command: TalkCommand): void {
  const view = controller.getView();
  switch (command) {
    case "toggle-talk":
      if (isRunning(view.phase)) controller.stop();
      else void controller.startTalking();
      return;
    case "toggle-mute":
      return controller.setMuted(!view.isMuted);
    case "toggle-pause":
      return controller.setPaused(!view.isPaused);
    case "stop-speaking":
      return controller.interrupt();
    default:
      return assertNever(command);
  }
}

function fallAsleep(controller: ConversationController): BeforeSleep {
  const { phase, hasMicrophone, isPaused } = controller.getView();
  controller.setPaused(true);
  return { isRunning: isRunning(phase), hasMicrophone, isPaused };
}

/** The session may have lasted; one that did not is begun anew. */
function wakeUp(controller: ConversationController, before: BeforeSleep): void {
  if (!before.isRunning) return;
  if (isRunning(controller.getView().phase)) controller.setPaused(before.isPaused);
  else void controller.goOn({ withMicrophone: before.hasMicrophone });
}
