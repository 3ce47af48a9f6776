import type { TagsOfResource } from '../context-keys/request-context.ts';
import type { TagLookup } from '../context-keys/resource-tags.ts';
import type { Directory } from '../directory/directory.ts';
import type { ArnParts } from '../lib/arn.ts';
import type { AwsError } from '../lib/errors.ts';
import type { HttpRequest } from '../lib/http-message.ts';
import type { Result } from '../lib/result.ts';
import type { Operation, Protocol, ServiceModel } from '../model/shape.ts';
import type { OneTimeCodes } from '../sessions/one-time-code.ts';
import type { CredentialIssuer } from '../sessions/temporary-credentials.ts';
import type { PresentedCredential } from '../sigv4/credential.ts';

/** A model and the protocols in which its operations are called. */
export interface Endpoint {
  readonly model: ServiceModel;
  readonly protocols: readonly Protocol[];
}

/** What a service may ask for while a call is authenticated and decoded. */
export interface CallDependencies {
  /** The last valid state of the folder. */
  readonly directory: Directory;
  readonly credentials: CredentialIssuer;
  readonly oneTimeCodes: OneTimeCodes;
  /** Which buckets exist; absent where they are on another server, to which calls are forwarded. */
  readonly buckets?: Buckets;
}

export interface Buckets {
  hasBucket(bucket: string): Promise<boolean>;
}

/** A service whose operations are identified by address and signature instead of target, path or `Action`. */
export interface Addressing {
  readonly protocol: Protocol;
  /** Whether a request without a target and an `Action` belongs to the service. `hasPath`: its path is another operation's. */
  claims(request: HttpRequest, hasPath: boolean): boolean;
  route(request: HttpRequest): Result<Operation, AwsError>;
}

/** How a service that does not sign the body itself proves it. */
export interface Payload {
  /** What is signed in the place of the body's hash. */
  claimed(request: HttpRequest, form: PresentedCredential['form']): Result<string, AwsError>;
  /** The content of the body, proved to be what was claimed. */
  prove(
    request: HttpRequest,
    claimed: string,
    operation: Operation,
    signer: { readonly credential: PresentedCredential; readonly secret: string },
  ): Promise<Result<Uint8Array, AwsError>>;
}

/** What the ARNs of a service look like, for every check on them. */
export interface ResourceRules {
  /** Whether an ARN has the form that the service gives its resources. */
  isWellFormed(arn: ArnParts, text: string): boolean;
  /** Whether names may hold control characters and surrounding blanks, as object keys do. */
  readonly keysAreFree?: true;
  /** Whether `iam:ResourceTag` names the tags of its resources, in addition to `aws:ResourceTag`. */
  readonly hasIamTags?: true;
  /** Whether a resource belongs to the account that is called: its ARN names none. */
  readonly ownedByCaller?: true;
  /** The tags of a resource of this account; absent where resources have none that policies see. */
  tagsOf?(
    arn: ArnParts,
    text: string,
    from: { readonly directory: Directory; readonly tags: TagLookup },
  ): TagsOfResource;
}
