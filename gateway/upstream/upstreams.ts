import { PromptHeads } from "#gateway/upstream/answer";
import { Connections } from "#gateway/upstream/connections";
import type { Target, Upstream } from "#gateway/upstream/forward";
import { type Balancer, roundRobin } from "#gateway/upstream/round-robin";

export interface TargetAddress {
  id: string;
  name: string;
  url: string;
  weight: number;
  /** Requests under way at most; null: no limit of its own. */
  maxConnections: number | null;
}

/** A service as the configuration has it: only its active targets. Without any, its base URL is called. */
export interface ServiceAddress {
  id: string;
  baseUrl: string;
  targets: readonly TargetAddress[];
  connectTimeoutMs: number;
  responseTimeoutMs: number;
  totalTimeoutMs: number | null;
}

export interface Upstreams {
  /** The upstream of a service, brought up to date with `service`. */
  of(service: ServiceAddress): Upstream;
  /** Forgets all other services; connections nobody needs any more close after their requests have ended. */
  retain(serviceIds: Iterable<string>): void;
  /** Cuts what is under way. */
  close(): Promise<void>;
}

/** Opens nothing before a request comes. `connectionsMax`: sockets to an origin whose targets set no limit of their own. */
export function openUpstreams({ connectionsMax = 256 }: { connectionsMax?: number } = {}): Upstreams {
  const services = new Map<string, ServiceUpstream>();
  const pools = new Map<string, Connections>();
  const heads = new PromptHeads();

  /** Targets without a limit share the connections of their origin; a limited one has its own, so that the limit holds. */
  function connectionsOf(origin: string, service: ServiceAddress, target: TargetAddress | null): Connections {
    const limit = target?.maxConnections ?? null;
    const { connectTimeoutMs } = service;
    const key = [origin, connectTimeoutMs, ...(limit === null ? [] : [target?.id, limit])].join(" ");
    let connections = pools.get(key);
    if (!connections) {
      connections = new Connections({ origin, connectTimeoutMs, connectionsMax: limit ?? connectionsMax });
      pools.set(key, connections);
    }
    return connections;
  }

  return {
    of(service) {
      const upstream = services.get(service.id) ?? new ServiceUpstream(service.id, heads);
      services.set(service.id, upstream);
      upstream.update(service, connectionsOf);
      return upstream;
    },
    retain(serviceIds) {
      const kept = new Set(serviceIds);
      for (const [id, upstream] of services) {
        if (kept.has(id)) continue;
        upstream.retire();
        services.delete(id);
      }
      const used = new Set(
        [...services.values()].flatMap(({ targets }) => targets.map((target) => target.connections)),
      );
      for (const [key, connections] of pools) {
        if (used.has(connections)) continue;
        pools.delete(key);
        void connections.close();
      }
    },
    async close() {
      for (const upstream of services.values()) upstream.retire();
      await Promise.all([...pools.values()].map((connections) => connections.destroy()));
    },
  };
}

type ConnectionsOf = (origin: string, service: ServiceAddress, target: TargetAddress | null) => Connections;

class ServiceUpstream implements Upstream {
  readonly serviceId: string;
  responseTimeoutMs = 0;
  totalTimeoutMs: number | null = null;
  targets: ServiceTarget[] = [];
  readonly heads: PromptHeads;
  readonly #balancer: Balancer = roundRobin();

  constructor(serviceId: string, heads: PromptHeads) {
    this.serviceId = serviceId;
    this.heads = heads;
  }

  get size(): number {
    return this.targets.length;
  }

  next(except?: Target): Target | undefined {
    return this.#balancer.next<Target>(this.targets, except);
  }

  update(service: ServiceAddress, connectionsOf: ConnectionsOf): void {
    this.responseTimeoutMs = service.responseTimeoutMs;
    this.totalTimeoutMs = service.totalTimeoutMs;
    const addresses = service.targets.length > 0 ? service.targets : [null];
    this.targets = addresses.map((address) => {
      const known = this.targets.find(({ id }) => id === (address?.id ?? null));
      const target = known ?? new ServiceTarget(address?.id ?? null);
      target.update(service, address, connectionsOf);
      return target;
    });
  }

  /** Requests under way go on; none begins and none is tried again. */
  retire(): void {
    this.targets = [];
  }
}

class ServiceTarget implements Target {
  readonly id: string | null;
  name = "";
  origin = "";
  pathPrefix = "";
  inFlight = 0;
  #limit = Number.POSITIVE_INFINITY;
  #connections: Connections | undefined;

  constructor(id: string | null) {
    this.id = id;
  }

  get isFree(): boolean {
    return this.inFlight < this.#limit;
  }

  get connections(): Connections {
    if (!this.#connections) throw new Error("A target has connections once it was brought up to date.");
    return this.#connections;
  }

  update(service: ServiceAddress, address: TargetAddress | null, connectionsOf: ConnectionsOf): void {
    const url = new URL(address?.url ?? service.baseUrl);
    this.origin = url.origin;
    this.pathPrefix = url.pathname.replace(/\/+$/, "");
    this.name = address?.name ?? url.origin;
    this.#limit = address?.maxConnections ?? Number.POSITIVE_INFINITY;
    this.#connections = connectionsOf(url.origin, service, address);
  }
}
