import type { AwsError } from '../../lib/errors.ts';
import type { Result } from '../../lib/result.ts';
import type { CallWith } from './call.ts';
import type { References } from './references.ts';
import type {
  Attributes,
  Changes,
  CreateInput,
  DerivedAttributes,
  ResourceAttributes,
  UpdatableType,
  UpdateInput,
} from './resource-attributes.ts';
import type { ResourceReader, StoredResource } from './resource-table.ts';
import type { ResourceTypeName } from './resource-types.ts';

/** A request whose input refers only to what is there and usable. */
export interface Draft<Input> extends References<Input> {
  readonly call: CallWith<Input>;
  readonly input: Input;
}

/** A resource that is about to be created. */
export type CreateDraft<Type extends ResourceTypeName> = Draft<CreateInput<Type>>;

/** The parts of a type that the five verbs do not cover; `resource-override-table.ts` has a row for each. */
export interface ResourceOverrides<Type extends ResourceTypeName> {
  /** The ARN's resource after its prefix, where it is not the name. */
  readonly arnId?: (draft: CreateDraft<Type>) => string;
  /** A rule of AWS that no shape states. */
  readonly check?: (draft: CreateDraft<Type>) => AwsError | undefined;
  /** Attributes beside those that the request gives. */
  readonly derive?: (draft: CreateDraft<Type>) => DerivedAttributes[Type];
  /** What is done once it is created, where nothing else fails it, or why it fails. */
  readonly work?: (draft: CreateDraft<Type>) => Result<() => void, string>;
  /** Members of the description that depend on other resources or on the moment. */
  readonly view?: (resource: StoredResource<Type>, table: ResourceReader) => Attributes;
}

/** A row: `derive` is required of a type that has derived attributes. */
export type OverridesOf<Type extends ResourceTypeName> = ResourceOverrides<Type> &
  (keyof DerivedAttributes[Type] extends never ? unknown : Required<Pick<ResourceOverrides<Type>, 'derive'>>);

/** The attributes that an update changes, or why it is not possible. */
export type Change<Type extends UpdatableType> = (
  current: ResourceAttributes[Type],
  draft: Draft<UpdateInput<Type>>,
) => Result<Changes<Type>, AwsError>;
