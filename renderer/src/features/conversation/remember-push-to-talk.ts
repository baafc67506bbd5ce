import { recall, remember } from "../../ui/use-remembered";
import type { ConversationController } from "./conversation-controller";

const KEY = "parley-push-to-talk";

/** Who wants to be heard only while a key is held wants it the next time too. */
export function rememberPushToTalk(controller: ConversationController): void {
  controller.setPushToTalk(recall(KEY) ?? false);
  let known = controller.getView().isPushToTalk;
  controller.subscribe(() => {
    const { isPushToTalk } = controller.getView();
    if (isPushToTalk === known) return;
    known = isPushToTalk;
    remember(KEY, known);
  });
}
