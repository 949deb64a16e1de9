import { portalSignIn } from "#lib/identity/portal-sign-in";
import { authRoute } from "#lib/platform/auth";

const route = authRoute(portalSignIn);

// The other verbs are refused by it: Next's own 405 has no body.
export { route as DELETE, route as GET, route as OPTIONS, route as PATCH, route as POST, route as PUT };
