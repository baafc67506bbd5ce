/** 16-bit little-endian PCM as it travels in JSON. */
export function fromBase64(text: string): Int16Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Int16Array(bytes.buffer);
}
