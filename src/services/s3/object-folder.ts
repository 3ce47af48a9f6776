import { hash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import { errorCode } from '../../lib/error-code.ts';
import { keyOfPath, pathBesideFolder, pathOfKey } from './object-path.ts';
import {
  type Bucket,
  KeyTooLong,
  type ObjectDraft,
  type ObjectStore,
  type ObjectSummary,
  type StoredObject,
} from './object-store.ts';

export interface ObjectFolderOptions {
  /** `null`: a temporary one, made with the first object and removed at the end. */
  readonly folder: string | null;
  readonly clock: Clock;
}

/** What a file cannot hold of its object, stored beside the buckets. */
interface Note extends Pick<ObjectSummary, 'etag' | 'headers'> {
  /** Of the file that it speaks of: one that was edited since is another object. */
  readonly fileSize: number;
  readonly fileMillis: number;
}

/** No bucket's name begins with a dot. */
const NOTES = '.notes';
const DRAFTS = '.drafts';
const DEFAULT_TYPE = { 'content-type': 'binary/octet-stream' };

/**
 * Objects as the files of a folder: a bucket is a folder in it, and a key a path in that. A file that a person puts
 * there is an object, and one that is edited is another. Calls are done one after the other.
 */
export function openObjectFolder({ folder, clock }: ObjectFolderOptions): ObjectStore {
  let temporary: Promise<string> | undefined;
  const root = (): Promise<string> => {
    if (folder !== null) return Promise.resolve(folder);
    temporary ??= mkdtemp(join(tmpdir(), 'personalize-authz-proxy-objects-'));
    return temporary;
  };
  const inTurn = createTurns();

  const locate = async (bucket: string, key: string): Promise<Place | undefined> => {
    const base = join(await root(), bucket, pathOfKey(key));
    for (const file of [base, pathBesideFolder(base)]) {
      const found = await statOf(file);
      if (found?.isFile()) return { file, size: found.size, modifiedAt: found.mtimeMs };
    }
    return undefined;
  };

  const summarize = async (key: string, place: Place): Promise<ObjectSummary> => {
    const { file, size, modifiedAt } = place;
    const note = await readNote(noteOf(await root(), file));
    const isNoted = note?.fileSize === size && note.fileMillis === modifiedAt;
    const { etag, headers } = isNoted
      ? note
      : { etag: hash('md5', await readFile(file), 'hex'), headers: DEFAULT_TYPE };
    return { key, size, etag, modifiedAt, headers };
  };

  const read = async (bucket: string, key: string): Promise<StoredObject | undefined> => {
    const place = await locate(bucket, key);
    return place && { ...(await summarize(key, place)), body: await readFile(place.file) };
  };

  const describe = async (bucket: string, key: string): Promise<ObjectSummary | undefined> => {
    const place = await locate(bucket, key);
    return place && summarize(key, place);
  };

  const list = async (bucket: string): Promise<readonly ObjectSummary[] | undefined> => {
    const home = join(await root(), bucket);
    if (!(await hasBucket(bucket))) return undefined;
    const entries = await readdir(home, { recursive: true, withFileTypes: true });
    const keys = entries
      .filter((entry) => entry.isFile())
      .map((entry) => keyOfPath(relative(home, join(entry.parentPath, entry.name))))
      .filter((key) => key !== undefined)
      .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    const found = await Promise.all(keys.map((key) => describe(bucket, key)));
    return found.filter((object) => object !== undefined);
  };

  const write = async (bucket: string, key: string, draft: ObjectDraft): Promise<ObjectSummary> => {
    const base = await root();
    const wanted = join(base, bucket, pathOfKey(key));
    await makeFolders(join(base, bucket), dirname(wanted));
    const file = (await statOf(wanted))?.isDirectory() ? pathBesideFolder(wanted) : wanted;
    const written = join(base, DRAFTS, randomUUID());
    await mkdir(dirname(written), { recursive: true });
    await writeFile(written, draft.body);
    await utimes(written, clock() / 1000, clock() / 1000);
    const { size, mtimeMs: modifiedAt } = await stat(written);
    const etag = draft.etag ?? hash('md5', draft.body, 'hex');
    const headers = { ...DEFAULT_TYPE, ...draft.headers };
    const note: Note = { etag, headers, fileSize: size, fileMillis: modifiedAt };
    const noteFile = noteOf(base, file);
    await mkdir(dirname(noteFile), { recursive: true });
    await writeFile(noteFile, JSON.stringify(note));
    await rename(written, file);
    return { key, size, etag, modifiedAt, headers };
  };

  const remove = async (bucket: string, key: string): Promise<void> => {
    const place = await locate(bucket, key);
    if (place === undefined) return;
    await rm(place.file);
    await rm(noteOf(await root(), place.file), { force: true });
  };

  const buckets = async (): Promise<readonly Bucket[]> => {
    const base = await root();
    const entries = await readdir(base, { withFileTypes: true }).catch(nothingIfMissing);
    const names = (entries ?? []).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    const found = names.map(async ({ name }) => ({
      name,
      createdAt: (await stat(join(base, name))).birthtimeMs,
    }));
    return (await Promise.all(found)).sort((one, other) => (one.name < other.name ? -1 : 1));
  };

  const hasBucket = async (bucket: string): Promise<boolean> =>
    (await statOf(join(await root(), bucket)))?.isDirectory() ?? false;

  const removeBucket = async (bucket: string): Promise<boolean> => {
    const base = await root();
    const entries = await readdir(join(base, bucket), { recursive: true, withFileTypes: true });
    if (entries.some((entry) => !entry.isDirectory())) return false;
    for (const folder of [join(base, bucket), join(base, NOTES, bucket)])
      await rm(folder, { recursive: true, force: true });
    return true;
  };

  const close = async (): Promise<void> => {
    if (temporary) await rm(await temporary, { recursive: true, force: true });
    temporary = undefined;
  };

  return {
    read: (bucket, key) => inTurn(() => read(bucket, key)),
    describe: (bucket, key) => inTurn(() => describe(bucket, key)),
    list: (bucket) => inTurn(() => list(bucket)),
    write: (bucket, key, draft) => inTurn(() => write(bucket, key, draft).catch(keyTooLong)),
    removeBucket: (bucket) => inTurn(() => removeBucket(bucket)),
    remove: (bucket, key) => inTurn(() => remove(bucket, key)),
    buckets: () => inTurn(buckets),
    hasBucket: (bucket) => inTurn(() => hasBucket(bucket)),
    createBucket: (bucket) =>
      inTurn(async () => void (await mkdir(join(await root(), bucket), { recursive: true }))),
    close: () => inTurn(close),
    [Symbol.asyncDispose]: () => inTurn(close),
  };
}

interface Place {
  readonly file: string;
  readonly size: number;
  readonly modifiedAt: number;
}

/** One after the other: a file and the note beside it are read and written as one. */
function createTurns(): <Value>(task: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task, task);
    last = turn;
    return turn;
  };
}

const noteOf = (root: string, file: string): string => join(root, NOTES, `${relative(root, file)}.json`);

/** A note that was cut off or edited is ignored: the object is then what its file holds. */
async function readNote(file: string): Promise<Note | undefined> {
  const text = await readFile(file, 'utf8').catch(nothingIfMissing);
  try {
    const note: Note | undefined = text === undefined ? undefined : JSON.parse(text);
    return note;
  } catch {
    return undefined;
  }
}

/** Makes the folders down to one; an object in the place of a folder is renamed. */
async function makeFolders(home: string, folder: string): Promise<void> {
  await mkdir(home, { recursive: true });
  let at = home;
  for (const name of relative(home, folder).split('/').filter(Boolean)) {
    at = join(at, name);
    const found = await statOf(at);
    if (found?.isFile()) await renameObject(home, at);
    if (!found?.isDirectory()) await mkdir(at);
  }
}

async function renameObject(home: string, file: string): Promise<void> {
  const root = dirname(home);
  await rename(file, pathBesideFolder(file));
  await rename(noteOf(root, file), noteOf(root, pathBesideFolder(file))).catch(nothingIfMissing);
}

const statOf = (path: string) => stat(path).catch(nothingIfMissing);

/** A key has a path whatever the length of its segments; a system may still have no room for all of it. */
function keyTooLong(cause: unknown): never {
  throw errorCode(cause) === 'ENAMETOOLONG' ? new KeyTooLong() : cause;
}

/** `ENOTDIR`: an object is where the path would have a folder; `ENAMETOOLONG`: nothing can be there. */
const MISSING: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

function nothingIfMissing(cause: unknown): undefined {
  if (!MISSING.has(errorCode(cause))) throw cause;
}
