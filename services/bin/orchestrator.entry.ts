// The orchestrator as a child of the supervisor.
import { readFrontStart } from "./front-start";
import { runOrchestrator } from "./run-orchestrator";
import { runAsChild } from "./service-process";

await runAsChild(async () => runOrchestrator(await readFrontStart("orchestrator")));
