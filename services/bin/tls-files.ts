import { readFile } from "node:fs/promises";
import type { WorkerConfig } from "#contracts/config/worker";
import { AppError } from "#contracts/errors";

/** Certificate and key of a worker; undefined: no TLS. Throws `file-unreadable`, or `bad-config` when one of the two is missing. */
export async function readWorkerTls({
  tlsCertFile,
  tlsKeyFile,
}: Pick<WorkerConfig["worker"], "tlsCertFile" | "tlsKeyFile">): Promise<
  { certificate: string; key: string } | undefined
> {
  if (tlsCertFile === "" && tlsKeyFile === "") return undefined;
  if (tlsCertFile === "" || tlsKeyFile === "")
    throw new AppError("bad-config", { detail: "worker.tlsCertFile and worker.tlsKeyFile go together" });
  return { certificate: await readPem(tlsCertFile, "CERTIFICATE"), key: await readPem(tlsKeyFile, "PRIVATE KEY") };
}

/** The authority that workers' certificates are checked by; undefined: those that Node knows. Throws `file-unreadable`. */
export async function readWorkerCa(file: string): Promise<string | undefined> {
  return file === "" ? undefined : readPem(file, "CERTIFICATE");
}

async function readPem(file: string, kind: "CERTIFICATE" | "PRIVATE KEY"): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new AppError("file-unreadable", { detail: file, cause: error });
  });
  // RSA and EC keys have a word of their own before it.
  if (new RegExp(`-----BEGIN [A-Z ]*${kind}-----`).test(text)) return text;
  throw new AppError("file-unreadable", { detail: `${file} holds no ${kind.toLowerCase()} in PEM form` });
}
