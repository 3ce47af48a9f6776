const CHUNK = 512;

/**
 * A set of strings in ascending order of their UTF-16 codes. Kept in chunks of bounded size, so that adding, deleting
 * and seeking cost the same with a hundred keys and with a million (but for the binary search over the chunks).
 */
export class SortedKeys {
  #chunks: string[][] = [];

  add(key: string): void {
    const index = Math.min(this.#chunkOf(key), this.#chunks.length - 1);
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks.push([key]);
      return;
    }
    const position = lowerBound(chunk, key);
    if (chunk[position] === key) return;
    chunk.splice(position, 0, key);
    if (chunk.length > 2 * CHUNK) this.#chunks.splice(index + 1, 0, chunk.splice(CHUNK));
  }

  delete(key: string): void {
    const index = this.#chunkOf(key);
    const chunk = this.#chunks[index];
    const position = chunk === undefined ? -1 : lowerBound(chunk, key);
    if (chunk?.[position] !== key) return;
    chunk.splice(position, 1);
    if (chunk.length === 0) this.#chunks.splice(index, 1);
  }

  /** The keys from `from` on, itself included. */
  *startingAt(from: string): Generator<string> {
    let index = this.#chunkOf(from);
    let position = lowerBound(this.#chunks[index] ?? [], from);
    for (let chunk = this.#chunks[index]; chunk !== undefined; chunk = this.#chunks[++index]) {
      for (; position < chunk.length; position++) yield chunk[position] as string;
      position = 0;
    }
  }

  clear(): void {
    this.#chunks = [];
  }

  /** The first chunk whose last key is not before `key`; one past the end where every key is. */
  #chunkOf(key: string): number {
    return search(this.#chunks.length, (index) => (this.#chunks[index]?.at(-1) ?? '') >= key);
  }
}

const lowerBound = (sorted: readonly string[], key: string): number =>
  search(sorted.length, (index) => (sorted[index] as string) >= key);

/** The first index of `0..length` for which the monotone `holds` is true. */
function search(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
