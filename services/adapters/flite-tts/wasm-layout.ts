const DATA_SECTION = 11;
const HEADER_BYTES = 8;
const EXPLICIT_MEMORY = 2;
const PASSIVE = 1;

/**
 * Where the constants of a C program end in its WebAssembly memory: the linker puts them into the first data segment,
 * and nothing in a valid program writes there. Source: the binary format of the WebAssembly specification (5.5.14).
 * 0 when the module has no such segment, so that everything counts as changeable.
 */
export function findConstantsEndBytes(binary: Uint8Array): number {
  let at = HEADER_BYTES;
  const readByte = (): number => binary[at++] ?? 0;
  /** Unsigned LEB128; the addresses of a memory below 64 MiB fit the signed form's positive half too. */
  const readNumber = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = readByte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < binary.length) {
    const section = readByte();
    const sectionBytes = readNumber();
    const end = at + sectionBytes;
    if (section === DATA_SECTION && readNumber() > 0) {
      const mode = readNumber();
      if (mode === PASSIVE) return 0;
      if (mode === EXPLICIT_MEMORY) readNumber();
      readByte(); // i32.const
      const offset = readNumber();
      readByte(); // end of the expression
      return offset + readNumber();
    }
    at = end;
  }
  return 0;
}
