import type { ObjectStore } from '../s3/object-store.ts';
import type { BulkFile } from './bulk-data.ts';

const LOCATION = /^s3:\/\/([^/]+)(?:\/(.*))?$/s;

/**
 * Reads what import jobs name out of the S3 of this process: one object, or with a slash at the end (or without a key)
 * every object below. `undefined` if there is no such bucket here: the data is elsewhere, so the job is not failed for it.
 */
export const importFilesIn =
  (objects: ObjectStore) =>
  async (location: string): Promise<readonly BulkFile[] | undefined> => {
    const [, bucket = '', key = ''] = LOCATION.exec(location) ?? [];
    const buckets = await objects.buckets();
    if (!buckets.some(({ name }) => name === bucket)) return undefined;
    const keys = key === '' || key.endsWith('/') ? await keysBelow(objects, bucket, key) : [key];
    const read = await Promise.all(keys.map((name) => objects.read(bucket, name)));
    return read.flatMap((object) => (object ? [{ key: object.key, body: object.body }] : []));
  };

/** Without the empty objects that stand for folders. */
async function keysBelow(objects: ObjectStore, bucket: string, folder: string): Promise<readonly string[]> {
  const listed = (await objects.list(bucket)) ?? [];
  return listed.map(({ key }) => key).filter((key) => key.startsWith(folder) && !key.endsWith('/'));
}
