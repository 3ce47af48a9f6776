import type {
  GeneratedMember,
  GeneratedModel,
  GeneratedOperation,
  GeneratedShape,
} from '../../src/model/generated-model.ts';

/** The part of AWS's published model format (version 2.0) that the project reads. */
interface PublishedModel {
  readonly version: string;
  readonly metadata: {
    readonly apiVersion: string;
    readonly endpointPrefix: string;
    readonly protocol: string;
    readonly jsonVersion?: string;
    readonly signingName?: string;
    readonly targetPrefix?: string;
    readonly xmlNamespace?: string;
  };
  readonly operations: Readonly<Record<string, PublishedOperation>>;
  readonly shapes: Readonly<Record<string, PublishedShape>>;
}

interface PublishedOperation {
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
  readonly errors?: readonly { readonly shape: string }[];
  readonly authtype?: string;
}

interface PublishedMember {
  readonly shape: string;
  readonly locationName?: string;
}

interface PublishedShape extends Omit<GeneratedShape, 'members' | 'member' | 'key' | 'value'> {
  readonly members?: Readonly<Record<string, PublishedMember>>;
  readonly member?: PublishedMember;
  readonly key?: PublishedMember;
  readonly value?: PublishedMember;
  readonly exception?: boolean;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number };
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  'json 1.1': 'awsJson1.1',
  'rest-json': 'restJson1',
  query: 'awsQuery',
};

/** Traits that the codecs do not know and that would change bytes on the wire: a newer model that brings one is refused. */
const UNSUPPORTED = new Set([
  'location',
  'payload',
  'streaming',
  'timestampFormat',
  'xmlAttribute',
  'xmlNamespace',
  'xmlOrder',
  'queryName',
  'hostLabel',
  'union',
  'document',
  'eventstream',
  'requiresLength',
]);

/** AWS's published model as the project keeps it. Throws where the model needs what the codecs do not know. */
export function compactModel(name: string, published: unknown): GeneratedModel {
  const { version, metadata, operations, shapes } = published as PublishedModel;
  if (version !== '2.0') throw new Error(`${name}: model format ${version}, wanted 2.0`);
  refuseUnsupported(name, shapes);
  const publishedProtocol = metadata.protocol === 'json' ? `json ${metadata.jsonVersion}` : metadata.protocol;
  const protocol = PROTOCOLS[publishedProtocol];
  if (protocol === undefined) throw new Error(`${name}: unknown protocol ${publishedProtocol}`);
  return {
    name,
    protocol,
    signingName: metadata.signingName ?? metadata.endpointPrefix,
    apiVersion: metadata.apiVersion,
    ...given('targetPrefix', metadata.targetPrefix),
    ...given('xmlNamespace', metadata.xmlNamespace),
    operations: mapValues(operations, (operation) => compactOperation(operation, shapes)),
    shapes: compactShapes(shapes),
  };
}

function compactOperation(
  operation: PublishedOperation,
  shapes: PublishedModel['shapes'],
): GeneratedOperation {
  const { http, input, output, errors = [], authtype } = operation;
  return {
    method: http.method,
    path: http.requestUri,
    ...given('input', input?.shape),
    ...given('output', output?.shape),
    ...given('resultWrapper', output?.resultWrapper),
    ...given('unsigned', authtype === 'none' ? true : undefined),
    errors: Object.fromEntries(
      errors.map(({ shape }) => [
        shapes[shape]?.error?.code ?? shape,
        shapes[shape]?.error?.httpStatusCode ?? 400,
      ]),
    ),
  };
}

/** Without the error shapes: of an error only code and status are needed, and the operations hold them. */
function compactShapes(shapes: PublishedModel['shapes']): Record<string, GeneratedShape> {
  const kept = Object.entries(shapes).filter(([, { exception }]) => !exception);
  return Object.fromEntries(kept.map(([name, shape]) => [name, compactShape(shape)]));
}

function compactShape(shape: PublishedShape): GeneratedShape {
  return {
    type: shape.type,
    ...given('required', shape.required),
    ...given('members', shape.members && mapValues(shape.members, compactMember)),
    ...given('member', shape.member && compactMember(shape.member, 'member')),
    ...given('key', shape.key && compactMember(shape.key, 'key')),
    ...given('value', shape.value && compactMember(shape.value, 'value')),
    ...given('flattened', shape.flattened),
    ...given('min', shape.min),
    ...given('max', shape.max),
    ...given('pattern', shape.pattern),
    ...given('enum', shape.enum),
    ...given('sensitive', shape.sensitive),
  };
}

function compactMember({ shape, locationName }: PublishedMember, name: string): GeneratedMember {
  return locationName === undefined || locationName === name ? shape : { shape, wireName: locationName };
}

function refuseUnsupported(model: string, shapes: PublishedModel['shapes']): void {
  for (const [name, shape] of Object.entries(shapes)) {
    const places = [shape, shape.member, shape.key, shape.value, ...Object.values(shape.members ?? {})];
    for (const place of places) {
      const trait = Object.keys(place ?? {}).find((key) => UNSUPPORTED.has(key));
      if (trait !== undefined) throw new Error(`${model}: the trait '${trait}' of ${name} is not supported`);
    }
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

function given<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { [K in Key]?: NonNullable<Value> } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: NonNullable<Value> };
}
