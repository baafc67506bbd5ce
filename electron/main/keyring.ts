import { safeStorage } from "electron";
import type { SecretBox } from "#core/ports/settings";

/** They block the main process and are gone from Electron 46 on. */
const older: {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
} = safeStorage;

/** Absent before Electron 42. */
const newer: Partial<
  Pick<typeof safeStorage, "isAsyncEncryptionAvailable" | "encryptStringAsync" | "decryptStringAsync">
> = safeStorage;

/**
 * Secrets encrypted with a key of the desktop's keyring. Without a keyring (`basic_text` encrypts with a password that
 * everybody knows) they are not written down at all. After `ready`.
 */
export async function createKeyring(): Promise<SecretBox> {
  const canEncrypt = (await newer.isAsyncEncryptionAvailable?.()) ?? older.isEncryptionAvailable();
  const isSafe =
    canEncrypt && (process.platform !== "linux" || safeStorage.getSelectedStorageBackend() !== "basic_text");
  return {
    keeping: isSafe ? "keyring" : "none",
    async seal(secret) {
      if (!isSafe) return undefined;
      const encrypted = await (newer.encryptStringAsync?.(secret) ?? older.encryptString(secret));
      return { form: "encrypted", value: encrypted.toString("base64") };
    },
    async open({ form, value }) {
      if (form === "plain") return value;
      if (!isSafe) return undefined;
      const encrypted = Buffer.from(value, "base64");
      try {
        if (newer.decryptStringAsync === undefined) return older.decryptString(encrypted);
        return (await newer.decryptStringAsync(encrypted)).result;
      } catch {
        // Encrypted by another user, or with a keyring that is no more.
        return undefined;
      }
    },
  };
}
