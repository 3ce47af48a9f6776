import type { GeneratedMember, GeneratedOperation, GeneratedShape } from './generated-model.ts';
import type { Member, NumberShape, Operation, ServiceModel, Shape, StructureShape } from './shape.ts';

/**
 * The shapes of one model, each built when it is first asked for: IAM has 571, a session uses a handful.
 * A member holds its shape's name until then, which is also what lets a shape contain itself.
 */
export class ShapeResolver {
  readonly #generated: Readonly<Record<string, GeneratedShape>>;
  readonly #resolved = new Map<string, Shape>();

  constructor(generated: Readonly<Record<string, GeneratedShape>>) {
    this.#generated = generated;
  }

  /** `checkModel` has proved that every name used by the model stands in it. */
  shape(name: string): Shape {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const generated = this.#generated[name];
    if (generated === undefined) throw new Error(`unknown shape ${name}`);
    const shape = this.#build(name, generated);
    this.#resolved.set(name, shape);
    return shape;
  }

  structure(name: string): StructureShape {
    const shape = this.shape(name);
    if (shape.type !== 'structure') throw new Error(`${name} is a ${shape.type}, wanted a structure`);
    return shape;
  }

  #build(name: string, generated: GeneratedShape): Shape {
    const { type, required = [], members = {}, member, key, value, flattened = false, ...limits } = generated;
    switch (type) {
      case 'structure':
        return {
          type,
          name,
          required: new Set(required),
          members: new Map(Object.entries(members).map(([own, to]) => [own, new LazyMember(this, to, own)])),
          ...sensitiveOf(generated),
        };
      case 'list':
        return { type, name, member: this.#member(member, 'member'), flattened, ...limits };
      case 'map':
        return {
          type,
          name,
          key: this.#member(key, 'key'),
          value: this.#member(value, 'value'),
          flattened,
          ...limits,
        };
      case 'string':
        return { type, name, ...limits };
      case 'boolean':
      case 'timestamp':
      case 'blob':
        return { type, name, ...sensitiveOf(generated) };
      default:
        return { type: type as NumberShape['type'], name, ...limits };
    }
  }

  #member(generated: GeneratedMember | undefined, own: string): Member {
    if (generated === undefined) throw new Error(`a list or map without its ${own}`);
    return new LazyMember(this, generated, own);
  }
}

function sensitiveOf({ sensitive }: GeneratedShape): { readonly sensitive?: boolean } {
  return sensitive === undefined ? {} : { sensitive };
}

class LazyMember implements Member {
  readonly wireName: string;
  readonly inQuery: boolean;
  readonly #shapes: ShapeResolver;
  readonly #shapeName: string;
  #shape: Shape | undefined;

  constructor(shapes: ShapeResolver, generated: GeneratedMember, own: string) {
    this.#shapes = shapes;
    this.#shapeName = typeof generated === 'string' ? generated : generated.shape;
    this.wireName = typeof generated === 'string' ? own : generated.wireName;
    this.inQuery = typeof generated !== 'string' && generated.inQuery === true;
  }

  get shape(): Shape {
    this.#shape ??= this.#shapes.shape(this.#shapeName);
    return this.#shape;
  }
}

export class LazyOperation implements Operation {
  readonly service: ServiceModel;
  readonly name: string;
  readonly method: Operation['method'];
  readonly path: string;
  readonly resultWrapper: string | undefined;
  readonly unsigned: boolean;
  readonly errors: ReadonlyMap<string, number>;
  readonly #shapes: ShapeResolver;
  readonly #generated: GeneratedOperation;

  constructor(service: ServiceModel, name: string, generated: GeneratedOperation, shapes: ShapeResolver) {
    this.service = service;
    this.name = name;
    this.method = generated.method as Operation['method'];
    this.path = generated.path;
    this.resultWrapper = generated.resultWrapper;
    this.unsigned = generated.unsigned ?? false;
    this.errors = new Map(Object.entries(generated.errors));
    this.#shapes = shapes;
    this.#generated = generated;
  }

  get input(): StructureShape | undefined {
    return this.#generated.input === undefined ? undefined : this.#shapes.structure(this.#generated.input);
  }

  get output(): StructureShape | undefined {
    return this.#generated.output === undefined ? undefined : this.#shapes.structure(this.#generated.output);
  }
}
