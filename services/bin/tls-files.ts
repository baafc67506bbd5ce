import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { AppError } from "#contracts/errors";

/** PEM texts. */
export interface TlsIdentity {
  certificate: string;
  key: string;
}

/**
 * Certificate and key of what this part of the configuration serves; undefined: no TLS. Throws `file-unreadable`, or
 * `bad-config` when one of the two is missing or they are no pair.
 */
export async function readTls(
  part: "server" | "worker",
  { tlsCertFile, tlsKeyFile }: { tlsCertFile: string; tlsKeyFile: string },
): Promise<TlsIdentity | undefined> {
  if (tlsCertFile === "" && tlsKeyFile === "") return undefined;
  if (tlsCertFile === "" || tlsKeyFile === "")
    throw new AppError("bad-config", { detail: `${part}.tlsCertFile and ${part}.tlsKeyFile go together` });
  const certificate = await readPem(tlsCertFile, "CERTIFICATE");
  const key = await readPem(tlsKeyFile, "PRIVATE KEY");
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    const detail = `${tlsCertFile} and ${tlsKeyFile} do not belong together`;
    throw new AppError("bad-config", { detail, cause: error });
  }
  return { certificate, key };
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
