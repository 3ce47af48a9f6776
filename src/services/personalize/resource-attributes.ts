import type { DatasetType } from './dataset-schema.ts';
import type { OperationInputs } from './inputs.ts';
import type { ResourceTypeName } from './resource-types.ts';

/** Members by the names of the model, whatever they are. */
export type Attributes = Readonly<Record<string, unknown>>;

export const isStructure = (value: unknown): value is Attributes =>
  typeof value === 'object' && value !== null;

/** A text member, `undefined` where it is not given. */
export const textOf = (input: Attributes, member: string): string | undefined => {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
};

/** The same of a member within structures: `dataSource.dataLocation`. */
export function textAt(input: Attributes, path: string): string | undefined {
  const found = path
    .split('.')
    .reduce<unknown>((value, member) => (isStructure(value) ? value[member] : undefined), input);
  return typeof found === 'string' ? found : undefined;
}

/** The input that creates a resource of the type. */
export type CreateInput<Type extends ResourceTypeName> = OperationInputs[`Create${Type}`];

/** The types that have an Update. */
export type UpdatableType = {
  [Type in ResourceTypeName]: `Update${Type}` extends keyof OperationInputs ? Type : never;
}[ResourceTypeName];

export type UpdateInput<Type extends UpdatableType> = OperationInputs[`Update${Type}`];

/** What a resource has that its request does not give, or gives in another form; `derive` of its row makes it. */
export interface DerivedAttributes {
  readonly Schema: object;
  readonly DatasetGroup: object;
  readonly Dataset: { readonly datasetType: DatasetType; readonly trackingId?: string };
  readonly DatasetImportJob: Defaulted<'DatasetImportJob', 'importMode'>;
  readonly DatasetExportJob: Defaulted<'DatasetExportJob', 'ingestionMode'>;
  readonly DataDeletionJob: object;
  readonly EventTracker: { readonly accountId: string; readonly trackingId: string };
  readonly Filter: { readonly filterFields?: readonly string[] };
  readonly Solution: Defaulted<
    'Solution',
    'performAutoML' | 'performHPO' | 'performAutoTraining' | 'performIncrementalUpdate'
  > &
    // Of the latest update, whose description shows it.
    Pick<UpdateInput<'Solution'>, 'solutionUpdateConfig'>;
  readonly SolutionVersion: Defaulted<'SolutionVersion', 'trainingMode'> & {
    readonly trainingType: 'MANUAL';
  } & Omit<ResourceAttributes['Solution'], 'name' | 'performAutoTraining' | 'solutionUpdateConfig'>;
  readonly Campaign: Defaulted<'Campaign', 'minProvisionedTPS'> & OfVersion;
  readonly BatchInferenceJob: Defaulted<'BatchInferenceJob', 'numResults'> & OfVersion;
  readonly BatchSegmentJob: Defaulted<'BatchSegmentJob', 'numResults'> & OfVersion;
  readonly MetricAttribution: object;
  readonly Recommender: Defaulted<'Recommender', 'recommenderConfig'>;
}

/** Members that have a value even where the request leaves them out. */
type Defaulted<Type extends ResourceTypeName, Member extends keyof CreateInput<Type>> = {
  readonly [Name in Member]-?: NonNullable<CreateInput<Type>[Name]>;
};

/** The version itself (a request may name `$LATEST`) and, for lists, its solution. */
export type OfVersion = { readonly solutionVersionArn: string; readonly solutionArn: string };

/** The attributes of a stored resource, by its type: what its request gave without its tags, and what was derived. */
export type ResourceAttributes = {
  readonly [Type in ResourceTypeName]: Omit<CreateInput<Type>, 'tags' | keyof DerivedAttributes[Type]> &
    DerivedAttributes[Type];
};

/** What an update changes. */
export type Changes<Type extends UpdatableType> = Partial<ResourceAttributes[Type]>;
