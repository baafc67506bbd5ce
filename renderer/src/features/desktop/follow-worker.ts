import type { WorkerStatusStore } from "../worker/worker-status";
import type { DesktopBinding } from "./bind-desktop";

/** Asks for the worker's state only while that is what the page is for. */
export function followWorker(
  roles: { getRole(): string; subscribe(listener: () => void): () => void },
  status: WorkerStatusStore,
): DesktopBinding["worker"] {
  const isWorkerOnly = (): boolean => roles.getRole() === "worker";
  return {
    isWorkerOnly,
    getStatus: status.getStatus,
    subscribe(listener) {
      let stop: (() => void) | undefined;
      const follow = (): void => {
        if (isWorkerOnly()) stop ??= status.subscribe(listener);
        else {
          stop?.();
          stop = undefined;
        }
        listener();
      };
      const unfollow = roles.subscribe(follow);
      return () => {
        unfollow();
        stop?.();
      };
    },
  };
}
