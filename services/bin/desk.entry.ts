// The desk of a worker that serves others alone, as a child of the supervisor.
import { readFrontStart } from "./front-start";
import { runDesk } from "./run-desk";
import { runAsChild } from "./service-process";

await runAsChild(async () => runDesk(await readFrontStart("desk")));
