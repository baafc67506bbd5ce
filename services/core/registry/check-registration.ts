import { AppError } from "../../contracts/errors";
import { parseWith } from "../../contracts/parse";
import { WorkerInfo } from "../../contracts/registry/worker-record";
import type { RegisterRequest } from "../ports/worker-registry";

/** What others would have to leave out is not registered in the first place. Throws `bad-config`. */
export function checkRegistration(request: RegisterRequest): RegisterRequest {
  const info = parseWith(WorkerInfo, request.info);
  if (!info.ok)
    throw new AppError("bad-config", { detail: `what the worker says of itself: ${info.issues.slice(0, 300)}` });
  return request;
}
