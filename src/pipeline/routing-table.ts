import type { Route, Service } from '../calls/service.ts';
import type { Protocol } from '../model/shape.ts';

/** Every operation of every service, by what a request names it with. */
export interface RoutingTable {
  /** `AmazonPersonalize.CreateCampaign` */
  readonly byTarget: ReadonlyMap<string, Route>;
  readonly byPath: ReadonlyMap<string, Route>;
  /** `2011-06-15 AssumeRole` */
  readonly byAction: ReadonlyMap<string, Route>;
}

export function createRoutingTable(services: readonly Service[]): RoutingTable {
  const routes = services.flatMap((service) =>
    service
      .endpoints()
      .flatMap(({ model, protocols }) =>
        protocols.flatMap((protocol) =>
          [...model.operations.values()].map((operation): Route => ({ service, operation, protocol })),
        ),
      ),
  );
  const index = (protocol: Protocol, keyOf: (route: Route) => string): readonly [string, Route][] =>
    routes.filter((found) => found.protocol === protocol).map((found) => [keyOf(found), found]);
  const target = ({ operation }: Route): string => `${operation.service.targetPrefix}.${operation.name}`;
  const cborPath = ({ operation }: Route): string =>
    `/service/${operation.service.targetPrefix}/operation/${operation.name}`;
  return {
    byTarget: new Map([...index('awsJson1.1', target), ...index('awsJson1.0', target)]),
    byPath: new Map([
      ...index('restJson1', ({ operation }) => operation.path),
      ...index('rpcV2Cbor', cborPath),
    ]),
    byAction: new Map(
      index('awsQuery', ({ operation }) => `${operation.service.apiVersion} ${operation.name}`),
    ),
  };
}
