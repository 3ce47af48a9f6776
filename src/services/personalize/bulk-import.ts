import { err, ok, type Result } from '../../lib/result.ts';
import { type BulkRow, bulkRows } from './bulk-data.ts';
import type { CallContext } from './call.ts';
import { clearBulk, type EntityKind, putBulkInteraction, putBulkSeen, putEntity } from './catalog.ts';
import { type DatasetType, parseSchema } from './dataset-schema.ts';
import type { CreateDraft } from './resource-overrides.ts';

type Keep = (call: CallContext, datasetArn: string, row: BulkRow) => void;

const entity =
  (kind: EntityKind): Keep =>
  ({ state }, datasetArn, { [`${kind.toUpperCase()}_ID`]: id, ...properties }) =>
    putEntity(state, { datasetArn, kind, bulk: true }, { id: String(id), properties });

/** What is taken from a row of each type of dataset. */
const KEEP: Readonly<Record<DatasetType, Keep>> = {
  ITEMS: entity('item'),
  USERS: entity('user'),
  ACTIONS: entity('action'),
  INTERACTIONS: ({ state }, datasetArn, row) => {
    const id = String(row.ITEM_ID);
    putBulkSeen(state, datasetArn, id);
    putBulkInteraction(state, datasetArn, interactionOf(row, id));
  },
  ACTION_INTERACTIONS: ({ state }, datasetArn, row) =>
    putBulkInteraction(state, datasetArn, interactionOf(row, String(row.ACTION_ID))),
};

const interactionOf = (row: BulkRow, id: string) => ({
  userId: String(row.USER_ID),
  id,
  eventType: String(row.EVENT_TYPE ?? ''),
});

/**
 * What an import job does once nothing else keeps it from succeeding, or why it fails. A job whose location the proxy cannot
 * read (no S3 in this process, or no such bucket) imports nothing and succeeds.
 */
export function importBulk({
  call,
  input,
  resources,
}: CreateDraft<'DatasetImportJob'>): Result<() => void, string> {
  const { files } = call;
  if (files === undefined) return ok(() => {});
  if (files.length === 0) return err(`There is no object at ${input.dataSource.dataLocation}.`);
  const { schemaArn, datasetType } = resources.datasetArn;
  const schema = parseSchema(call.table.findOf('Schema', schemaArn)?.attributes.schema ?? '');
  if (typeof schema === 'string') return err(schema);
  const rows = bulkRows(files, schema);
  if (!rows.ok) return rows;
  const keep = KEEP[datasetType];
  return ok(() => {
    if (input.importMode !== 'INCREMENTAL') clearBulk(call.state, input.datasetArn);
    for (const row of rows.value) keep(call, input.datasetArn, row);
  });
}
