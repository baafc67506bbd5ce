import { ipcMain, type WebContents } from "electron";
import { z } from "zod";
import { AppError } from "#contracts/errors";
import { DESKTOP_CHANNELS } from "#contracts/ipc/channels";
import {
  DesktopConnection,
  DesktopLaunch,
  DesktopSettings,
  DesktopSettingsPatch,
  TalkReport,
  type DesktopEvent,
} from "#contracts/ipc/desktop-bridge";
import { parseWith } from "#contracts/parse";
import { isPageFrame } from "./page-guard";

export interface DesktopIpcDeps {
  /** The window that may ask; undefined while there is none. */
  page(): WebContents | undefined;
  launch(): Promise<DesktopLaunch>;
  connection(): Promise<DesktopConnection>;
  onReport(talk: TalkReport): void;
  settings(): DesktopSettings;
  changeSettings(patch: DesktopSettingsPatch): DesktopSettings;
}

/** Answers the page's bridge. Whatever comes from another frame or in another shape is refused. */
export function serveDesktopIpc(deps: DesktopIpcDeps): void {
  const handle = <Request, Answer>(
    channel: string,
    shapes: { request: z.ZodType<Request>; answer: z.ZodType<Answer> },
    respond: (request: Request) => Answer | Promise<Answer>,
  ): void =>
    ipcMain.handle(channel, async (event, ...args: unknown[]) => {
      if (!isPageFrame(event.senderFrame, deps.page())) throw new AppError("forbidden-origin");
      const request = parseWith(shapes.request, args.length <= 1 ? args[0] : args);
      if (!request.ok) throw new AppError("bad-message", { detail: request.issues });
      return shapes.answer.parse(await respond(request.value));
    });
  const nothing = z.undefined();
  handle(DESKTOP_CHANNELS.launch, { request: nothing, answer: DesktopLaunch }, () => deps.launch());
  handle(DESKTOP_CHANNELS.connection, { request: nothing, answer: DesktopConnection }, () => deps.connection());
  handle(DESKTOP_CHANNELS.report, { request: TalkReport, answer: nothing }, (talk) => void deps.onReport(talk));
  handle(DESKTOP_CHANNELS.settings, { request: nothing, answer: DesktopSettings }, () => deps.settings());
  handle(DESKTOP_CHANNELS.changeSettings, { request: DesktopSettingsPatch, answer: DesktopSettings }, (patch) =>
    deps.changeSettings(patch),
  );
}

/** Tells the page, if there is one that can hear. */
export function tellPage(page: WebContents | undefined, event: DesktopEvent): void {
  if (page !== undefined && !page.isDestroyed() && !page.isCrashed()) page.send(DESKTOP_CHANNELS.event, event);
}
