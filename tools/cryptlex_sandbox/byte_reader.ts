// Lines and counted bytes off a connection. Knows no protocol.

/** Takes what comes next; `null` once the other side has closed before it was whole. */
export type ByteReader = {
  /** Up to and without the next CRLF. */
  line(): Promise<string | null>;
  /** Exactly `count` bytes; valid until the next call. */
  take(count: number): Promise<Uint8Array | null>;
};

const LARGEST = 8 * 1024 * 1024;
const LINE_FEED = 10;

/** Reads `connection`; its methods throw a `RangeError` past 8 MiB in one piece. */
export function createByteReader(connection: Deno.Conn): ByteReader {
  let buffer = new Uint8Array(16_384);
  let start = 0;
  let end = 0;
  const decoder = new TextDecoder();

  async function more(): Promise<boolean> {
    if (end === buffer.length) {
      if (end - start > LARGEST) throw new RangeError("Cannot read more than 8 MiB at once");
      const wider = end - start > buffer.length / 2 ? new Uint8Array(buffer.length * 2) : buffer;
      wider.set(buffer.subarray(start, end));
      [buffer, start, end] = [wider, 0, end - start];
    }
    const count = await connection.read(buffer.subarray(end));
    end += count ?? 0;
    return count !== null;
  }

  async function take(count: number): Promise<Uint8Array | null> {
    while (end - start < count) if (!await more()) return null;
    start += count;
    return buffer.subarray(start - count, start);
  }

  async function line(): Promise<string | null> {
    for (let searched = 0;;) {
      const found = buffer.subarray(start + searched, end).indexOf(LINE_FEED);
      if (found >= 0) {
        const bytes = await take(searched + found + 1);
        return decoder.decode(bytes?.subarray(0, -2));
      }
      searched = end - start;
      if (!await more()) return null;
    }
  }

  return { line, take };
}
