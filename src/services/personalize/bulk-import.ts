import { err, ok, type Result } from '../../lib/result.ts';
import { type BulkRow, bulkRows } from './bulk-data.ts';
import type { Call } from './call.ts';
import { clearBulk, type EntityKind, putBulkInteraction, putBulkSeen, putEntity } from './catalog.ts';
import { type DatasetType, parseSchema } from './dataset-schema.ts';
import type { Draft } from './resource-overrides.ts';

type Keep = (call: Call, datasetArn: string, row: BulkRow) => void;

const entity =
  (kind: EntityKind): Keep =>
  ({ state }, datasetArn, { [`${kind.toUpperCase()}_ID`]: id, ...properties }) =>
    putEntity(state, { datasetArn, kind, bulk: true }, { id: String(id), properties });

/** What a row of each type of dataset tells. */
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
 * What an import job does once nothing else keeps it from succeeding, or why it fails. A job whose place the proxy cannot
 * read (no S3 in this process, or no such bucket) imports nothing and succeeds.
 */
export function importBulk({ call, input, resources }: Draft): Result<() => void, string> {
  const { files } = call;
  if (files === undefined) return ok(() => {});
  const location = (input.dataSource as { readonly dataLocation?: string }).dataLocation;
  if (files.length === 0) return err(`There is no object at ${location}.`);
  const datasetArn = String(input.datasetArn);
  const schemaArn = String(resources.datasetArn?.schemaArn);
  const schema = parseSchema(String(call.table.find(schemaArn)?.attributes.schema));
  if (typeof schema === 'string') return err(schema);
  const rows = bulkRows(files, schema);
  if (!rows.ok) return rows;
  const keep = KEEP[resources.datasetArn?.datasetType as DatasetType];
  return ok(() => {
    if (input.importMode !== 'INCREMENTAL') clearBulk(call.state, datasetArn);
    for (const row of rows.value) keep(call, datasetArn, row);
  });
}
