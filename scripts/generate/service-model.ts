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
  readonly location?: string;
}

interface PublishedShape extends Omit<GeneratedShape, 'members' | 'member' | 'key' | 'value'> {
  readonly members?: Readonly<Record<string, PublishedMember>>;
  readonly member?: PublishedMember;
  readonly key?: PublishedMember;
  readonly value?: PublishedMember;
  readonly exception?: boolean;
  readonly union?: boolean;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number };
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  'json 1.1': 'awsJson1.1',
  'rest-json': 'restJson1',
  query: 'awsQuery',
};

/** Traits that the codecs do not know and that would change bytes on the wire: a newer model that brings one is refused. */
const UNSUPPORTED = new Set([
  'payload',
  'streaming',
  'timestampFormat',
  'xmlAttribute',
  'xmlNamespace',
  'xmlOrder',
  'queryName',
  'hostLabel',
  'document',
  'eventstream',
  'requiresLength',
]);

/**
 * AWS's published model as the project keeps it, with all operations or some. Throws where it needs what the codecs do not
 * know.
 */
export function compactModel(name: string, published: unknown, only?: readonly string[]): GeneratedModel {
  const { version, metadata, ...all } = published as PublishedModel;
  if (version !== '2.0') throw new Error(`${name}: model format ${version}, wanted 2.0`);
  const operations = only ? picked(all.operations, (operation) => only.includes(operation)) : all.operations;
  const reached = only && reachable(operations, all.shapes);
  const shapes = reached ? picked(all.shapes, (shape) => reached.has(shape)) : all.shapes;
  refuseUnsupported(name, operations, shapes);
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

function compactMember({ shape, locationName, location }: PublishedMember, name: string): GeneratedMember {
  const wireName = locationName ?? name;
  if (location === 'querystring') return { shape, wireName, inQuery: true };
  return wireName === name ? shape : { shape, wireName };
}

function refuseUnsupported(
  model: string,
  operations: PublishedModel['operations'],
  shapes: PublishedModel['shapes'],
): void {
  const inputs = new Set(Object.values(operations).map(({ input }) => input?.shape));
  for (const [name, shape] of Object.entries(shapes)) {
    const places = [shape, shape.member, shape.key, shape.value, ...Object.values(shape.members ?? {})];
    for (const place of places) {
      const trait = Object.entries(place ?? {}).find(([key, value]) =>
        // A parameter of the query is a scalar of an input; headers of errors are left out with them.
        key === 'location'
          ? !shape.exception && (value !== 'querystring' || !inputs.has(name))
          : UNSUPPORTED.has(key),
      );
      if (trait !== undefined)
        throw new Error(`${model}: the trait '${trait[0]}' of ${name} is not supported`);
    }
  }
  const received = reachable(
    mapValues(operations, ({ http, input }) => ({ http, ...given('input', input) })),
    shapes,
  );
  // Only what is sent may be a union: it has one member, as any structure can.
  const union = [...received].find((name) => shapes[name]?.union);
  if (union !== undefined) throw new Error(`${model}: the trait 'union' of ${union} is not supported`);
}

/** The shapes that operations need. */
function reachable(
  operations: PublishedModel['operations'],
  shapes: PublishedModel['shapes'],
): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (name: string | undefined): void => {
    if (name === undefined || reached.has(name)) return;
    reached.add(name);
    const { members = {}, member, key, value } = shapes[name] ?? {};
    for (const next of [...Object.values(members), member, key, value]) visit(next?.shape);
  };
  for (const { input, output, errors = [] } of Object.values(operations))
    for (const next of [input, output, ...errors]) visit(next?.shape);
  return reached;
}

const picked = <Value>(
  record: Readonly<Record<string, Value>>,
  isWanted: (name: string) => boolean,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => isWanted(name)));

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
