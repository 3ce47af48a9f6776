import { join } from 'node:path';

/** What a file system cannot have in a name, and `%`, which stands for it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get into a name
const ESCAPED = /[%\\\u0000-\u001f\u007f]/g;
/** A segment without text, as in `folder/` or `a//b`. No escape looks like it. */
const EMPTY = '%-';
/** Follows the name of an object that is also the folder of others: `a` beside `a/b`. No escape looks like it. */
const BESIDE_FOLDER = '%object';
/** File systems take 255 bytes a name; the rest is for the endings. */
const MOST_SEGMENT_BYTES = 240;

/**
 * Where an object lies under the folder of its bucket: its key as a path, so that a person finds it and can put one
 * there; `undefined` where a part of the key is too long for a file's name. No key leads out of the folder.
 */
export function pathOfKey(key: string): string | undefined {
  const names = key.split('/').map(nameOfSegment);
  return names.some((name) => Buffer.byteLength(name) > MOST_SEGMENT_BYTES) ? undefined : join(...names);
}

/** Where the object lies when that path is a folder. */
export const pathBesideFolder = (path: string): string => `${path}${BESIDE_FOLDER}`;

/** The key of a file under the folder of its bucket; `undefined` for a file that no key has. */
export function keyOfPath(path: string): string | undefined {
  const plain = path.endsWith(BESIDE_FOLDER) ? path.slice(0, -BESIDE_FOLDER.length) : path;
  try {
    const key = plain.split('/').map(segmentOfName).join('/');
    return pathOfKey(key) === plain ? key : undefined;
  } catch {
    return undefined;
  }
}

function nameOfSegment(segment: string): string {
  if (segment === '') return EMPTY;
  if (segment === '.' || segment === '..') return segment.replaceAll('.', '%2E');
  return segment.replace(ESCAPED, (char) => encodeURIComponent(char));
}

const segmentOfName = (name: string): string => (name === EMPTY ? '' : decodeURIComponent(name));
