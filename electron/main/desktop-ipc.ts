import { ipcMain, type WebContents } from "electron";
import { z } from "zod";
import { AppError } from "#contracts/errors";
import { DESKTOP_CHANNELS } from "#contracts/ipc/channels";
import { DesktopConnection } from "#contracts/ipc/desktop-bridge";
import { parseWith } from "#contracts/parse";
import { isPageFrame } from "./page-guard";

export interface DesktopIpcDeps {
  /** The window that may ask; undefined while there is none. */
  page(): WebContents | undefined;
  connection(): Promise<DesktopConnection>;
}

/** Answers the page's bridge. Whatever comes from another frame or in another shape is refused. */
export function serveDesktopIpc(deps: DesktopIpcDeps): void {
  const handle = <Request, Answer>(
    channel: string,
    shapes: { request: z.ZodType<Request>; answer: z.ZodType<Answer> },
    respond: (request: Request) => Promise<Answer>,
  ): void =>
    ipcMain.handle(channel, async (event, ...args: unknown[]) => {
      if (!isPageFrame(event.senderFrame, deps.page())) throw new AppError("forbidden-origin");
      const request = parseWith(shapes.request, args.length <= 1 ? args[0] : args);
      if (!request.ok) throw new AppError("bad-message", { detail: request.issues });
      return shapes.answer.parse(await respond(request.value));
    });
  handle(DESKTOP_CHANNELS.connection, { request: z.undefined(), answer: DesktopConnection }, () => deps.connection());
}
