import { portalSignIn } from "#lib/identity/portal-sign-in";
import { authRoute } from "#lib/platform/auth";

const route = authRoute(portalSignIn);

export { route as GET, route as POST };
