import type { AwsError } from '../../lib/errors.ts';
import type { Result } from '../../lib/result.ts';
import type { Call } from './call.ts';
import type { References } from './references.ts';
import type { Attributes, ResourceReader, StoredResource } from './resource-table.ts';

/** A resource that is about to be created: what it refers to is found and usable. */
export interface Draft extends References {
  readonly call: Call;
  readonly input: Attributes;
}

/** What a type has that the five verbs do not know; `particulars-table.ts` has a row for each. */
export interface ResourceOverrides {
  /** The ARN's resource after its prefix, where it is not the name. */
  readonly arnId?: (draft: Draft) => string;
  /** A rule of AWS that no shape states. */
  readonly check?: (draft: Draft) => AwsError | undefined;
  /** Attributes beside those that the request gives. */
  readonly derive?: (draft: Draft) => Attributes;
  /** What is done once it is created, where nothing else fails it, or why it fails. */
  readonly work?: (draft: Draft) => Result<() => void, string>;
  /** The attributes that an update changes, where they are not the members of the request. */
  readonly change?: (current: Attributes, draft: Draft) => Result<Attributes, AwsError>;
  /** Members of the description that depend on other resources or on the moment. */
  readonly view?: (resource: StoredResource, table: ResourceReader) => Attributes;
}
