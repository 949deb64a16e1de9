import type { CreateGatewayBody } from "#lib/gateways/contract";
import { createGateway } from "#lib/gateways/create-gateway";
import { authorize, type Context } from "#lib/platform/context";
import type { CreateRouteBody } from "#lib/routes/contract";
import { createRoute } from "#lib/routes/create-route";
import { createService } from "#lib/services/create-service";

/** In the order of S4's service ids, 1 to 6, and those of S1 and S0 after them. */
const services = [
  { name: "users", display_name: "Users", description: "Ten people with their addresses and companies." },
  { name: "posts", display_name: "Posts", description: "What they wrote." },
  { name: "comments", display_name: "Comments", description: "What others said about it." },
  { name: "todos", display_name: "To-dos", description: "What they mean to do." },
  { name: "albums", display_name: "Albums", description: "Their collections of photos." },
  { name: "photos", display_name: "Photos", description: "What is in the albums." },
  { name: "gst", display_name: "GST verification", description: "Whether an Indian tax number is a real one." },
  { name: "customers", display_name: "Customers", description: "The subscribers of Demo Networks and their lines." },
] as const;

type ServiceName = (typeof services)[number]["name"];
type DemoRoute = Pick<CreateRouteBody, "name" | "path" | "methods"> & { service: ServiceName };

const gateways: readonly { gateway: CreateGatewayBody; routes: readonly DemoRoute[] }[] = [
  {
    gateway: {
      name: "Demo Networks Partner API",
      description: "For partners: an API key is exchanged for a token at /auth/token, the token calls.",
      error_format: "partner",
      serve_on_portal: true,
    },
    routes: [
      { name: "Users", path: "/users/*", service: "users" },
      { name: "Posts", path: "/posts/*", service: "posts" },
      { name: "Comments", path: "/comments/*", service: "comments" },
      { name: "To-dos", path: "/todos/*", service: "todos" },
      { name: "Albums", path: "/albums/*", service: "albums" },
      { name: "Photos", path: "/photos/*", service: "photos" },
    ],
  },
  {
    gateway: {
      name: "Demo Networks API",
      description: "For customers: an API key calls.",
      error_format: "problem",
      serve_on_portal: true,
    },
    routes: [
      { name: "Verify a GST number", path: "/api/gst/verify", methods: ["POST"], service: "gst" },
      { name: "Customers", path: "/api/v1/customers/*", service: "customers" },
    ],
  },
];

/** The services, all at `upstreamUrl`, and the gateways with the routes that publish them. */
export async function seedApis(ctx: Context, upstreamUrl: string): Promise<void> {
  const ids = new Map<ServiceName, string>();
  for (const [at, service] of services.entries()) {
    const now = new Date(ctx.now.getTime() - services.length + at); // or lists by age would show them in any order
    const servicesCtx = authorize({ ...ctx, now }, "services:write");
    const made = await createService(servicesCtx, { ...service, base_url: upstreamUrl });
    ids.set(service.name, made.id);
  }
  for (const { gateway, routes } of gateways) {
    const { id } = await createGateway(authorize(ctx, "gateways:write"), gateway);
    for (const { service, ...route } of routes) {
      const body = { ...route, service_id: ids.get(service) ?? "" };
      await createRoute(authorize(ctx, "gateways:write"), id, body);
    }
  }
}
