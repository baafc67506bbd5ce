import { toWireError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { SettingsRequest, type SettingsMessage } from "#contracts/child/settings-channel";
import type { MessageChannelEnd } from "#core/ports/message-channel";
import type { SettingsKeeper } from "#core/ports/settings";

/** Lets the other end of the channel read and change the settings, and tells it of every change. */
export function serveSettings(keeper: SettingsKeeper, channel: MessageChannelEnd): void {
  const send = (message: SettingsMessage): void => channel.send(message);
  const telling = keeper.onChange((state) => send({ type: "settings-changed", state }));
  channel.onClose(() => telling.dispose());
  channel.onMessage((raw) => {
    const request = parseWith(SettingsRequest, raw);
    if (!request.ok) return;
    const { requestId, patch } = request.value;
    const answered = patch === undefined ? keeper.read() : keeper.change(patch);
    answered.then(
      (state) => send({ type: "settings-reply", requestId, state }),
      (error: unknown) => send({ type: "settings-failed", requestId, error: toWireError(error) }),
    );
  });
}
