import type { Locator, Page, WebSocket } from "@playwright/test";
import { ServerMessage } from "#contracts/protocol/server-message";
import { readPlayed, type PlayedWindow } from "../audio-tap";

/** The page in the words of a person who uses it. */
export class ParleyPage {
  readonly page: Page;
  readonly startButton: Locator;
  readonly stopButton: Locator;
  readonly stopSpeakingButton: Locator;
  readonly pauseButton: Locator;
  readonly status: Locator;
  readonly userWords: Locator;
  readonly agentWords: Locator;
  readonly problems: Locator;
  readonly message: Locator;
  #sessionStartCount = 0;
  readonly #playoutReports: number[] = [];
  readonly #received: ServerMessage[] = [];

  constructor(page: Page) {
    this.page = page;
    this.startButton = page.getByRole("button", { name: "Start talking" });
    this.stopButton = page.getByRole("button", { name: "Stop talking" });
    this.stopSpeakingButton = page.getByRole("button", { name: "Stop speaking" });
    this.pauseButton = page.getByRole("button", { name: "Pause" });
    this.status = page.getByTestId("status");
    this.userWords = page.getByTestId("user-words");
    this.agentWords = page.getByTestId("agent-words");
    this.problems = page.getByRole("alert");
    this.message = page.getByRole("textbox", { name: "Message" });
    page.on("websocket", (socket) => this.#watch(socket));
  }

  async type(text: string): Promise<void> {
    await this.message.fill(text);
    await this.message.press("Enter");
  }

  /** Opens a screen by its name in the navigation. */
  async goTo(screen: string): Promise<void> {
    await this.page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: screen }).click();
  }

  played(): Promise<PlayedWindow[]> {
    return readPlayed(this.page);
  }

  /** Positions that the page has reported, oldest first. */
  get playoutReports(): readonly number[] {
    return this.#playoutReports;
  }

  /** What the orchestrator has told the conversation, oldest first. */
  get received(): readonly ServerMessage[] {
    return this.#received;
  }

  /** Of conversations, not of the link that looks after Parley. */
  get socketCount(): number {
    return this.#sessionStartCount;
  }

  #watch(socket: WebSocket): void {
    socket.on("framesent", ({ payload }) => {
      if (typeof payload !== "string") return;
      const message = JSON.parse(payload) as { type: string; positionSamples?: number };
      if (message.type === "session-start") this.#sessionStartCount++;
      if (message.type === "playout" && message.positionSamples !== undefined)
        this.#playoutReports.push(message.positionSamples);
    });
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload !== "string") return;
      const message = ServerMessage.safeParse(JSON.parse(payload));
      if (message.success) this.#received.push(message.data);
    });
  }
}
