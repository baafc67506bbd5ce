import type { World } from "./world";

/** What is there between two restarts. */
type Opened = Pick<World, "page" | "parley" | "complaints" | "close">;

interface RestartableWorld<Now extends Opened> extends Pick<World, "host" | "home"> {
  open(): Promise<Now>;
  /** What each host does in its own way. `now` gives what is open at the time. */
  own(now: () => Now): Pick<World, "address" | "pidOf" | "download">;
}

/** A world that is opened anew at each restart. */
export async function openRestartableWorld<Now extends Opened>(options: RestartableWorld<Now>): Promise<World> {
  const { host, home, open, own } = options;
  let now = await open();
  return {
    host,
    home,
    get parley() {
      return now.parley;
    },
    get page() {
      return now.page;
    },
    get complaints() {
      return now.complaints;
    },
    ...own(() => now),
    restart: async () => {
      await now.close();
      now = await open();
    },
    close: () => now.close(),
  };
}
