import type { ConversationArchive } from "#core/ports/conversation-archive";
import type { AdminCalls } from "./admin-calls";

/** Kept conversations for those who look after Parley. */
export function createHistoryCalls(archive: ConversationArchive): AdminCalls {
  return {
    "conversations-list": ({ query }) => archive.list(query),
    "conversation-get": ({ id }) => archive.get(id),
    "conversation-delete": ({ id }) => archive.delete(id).then(() => null),
    "conversation-restore": ({ id }) => archive.restore(id).then(() => null),
    async "conversation-sound"({ id, ...range }) {
      const { user, agent } = await archive.readSound(id, range);
      return {
        user: { ...user, pcm: Buffer.from(user.pcm).toString("base64") },
        agent: { ...agent, pcm: Buffer.from(agent.pcm).toString("base64") },
      };
    },
  };
}
