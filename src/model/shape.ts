/**
 * The service models as the project keeps them: AWS's own shapes, without prose.
 * One vocabulary for routing, codecs, validation and the stub.
 */
export type ServiceName =
  | 'personalize'
  | 'personalize-runtime'
  | 'personalize-events'
  | 'sts'
  | 'iam'
  | 's3'
  | 'cloudwatch'
  | 'access-analyzer';

/** The last three are those of S3 and, beside awsQuery, of CloudWatch. */
export type Protocol = 'awsJson1.1' | 'restJson1' | 'awsQuery' | 'restXml' | 'awsJson1.0' | 'rpcV2Cbor';

export interface ServiceModel {
  readonly name: ServiceName;
  readonly protocol: Protocol;
  /** What the credential scope must name: `personalize` for all three Personalize services. */
  readonly signingName: 'personalize' | 'sts' | 'iam' | 's3' | 'monitoring' | 'access-analyzer';
  readonly apiVersion: string;
  /** awsJson: the part of `X-Amz-Target` before the dot. */
  readonly targetPrefix?: string;
  /** awsQuery: of the answers. */
  readonly xmlNamespace?: string;
  readonly operations: ReadonlyMap<string, Operation>;
}

export interface Operation {
  readonly service: ServiceModel;
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** `/` for awsJson and awsQuery. */
  readonly path: string;
  readonly input?: StructureShape | undefined;
  readonly output?: StructureShape | undefined;
  /** awsQuery wraps its output: `<GetUserResult>`. */
  readonly resultWrapper?: string | undefined;
  /** AWS asks for no signature: the token in the request is the proof (AssumeRoleWithWebIdentity). */
  readonly unsigned: boolean;
  /** Error code -> HTTP status that the model gives it (restJson and awsQuery; awsJson always answers 400). */
  readonly errors: ReadonlyMap<string, number>;
}

export type Shape =
  | StructureShape
  | ListShape
  | MapShape
  | StringShape
  | NumberShape
  | { readonly type: 'boolean' | 'timestamp' | 'blob'; readonly name: string; readonly sensitive?: boolean };

export interface StructureShape {
  readonly type: 'structure';
  readonly name: string;
  readonly required: ReadonlySet<string>;
  /** Member name -> shape, in the model's order. Shapes may be recursive. */
  readonly members: ReadonlyMap<string, Member>;
  readonly sensitive?: boolean;
}

export interface Member {
  readonly shape: Shape;
  /** The name on the wire where it differs (`locationName`). */
  readonly wireName: string;
  /** restJson: a parameter of the query in place of a member of the body. */
  readonly inQuery?: boolean;
}

export interface ListShape {
  readonly type: 'list';
  readonly name: string;
  readonly member: Member;
  readonly min?: number;
  readonly max?: number;
  readonly flattened: boolean;
  readonly sensitive?: boolean;
}

export interface MapShape {
  readonly type: 'map';
  readonly name: string;
  readonly key: Member;
  readonly value: Member;
  readonly min?: number;
  readonly max?: number;
  readonly flattened: boolean;
  readonly sensitive?: boolean;
}

export interface StringShape {
  readonly type: 'string';
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  /** As in the model; unanchored in Java's sense: the whole value must match. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
}

export interface NumberShape {
  readonly type: 'integer' | 'long' | 'float' | 'double';
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
}
