const infrastructure = "core|platform|http";
const domain = `^lib/(?!(${infrastructure})/)([^/]+)/`;
const tests = "\\.(test|test-d|int\\.test)\\.tsx?$|^test/|^e2e/";
const generated = "^\\.prisma-client/";

const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: "error",
  from: { pathNot: tests, ...from },
  to,
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid(
      "no-cycles",
      "A cycle has no first file to read.",
      { pathNot: `${tests}|${generated}` },
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    forbid(
      "core-imports-only-core",
      "core is pure: no I/O, no framework.",
      { path: "^lib/core/" },
      { path: "^(lib/(?!core/)|app|components|gateway|worker)" },
    ),
    forbid(
      "platform-knows-no-business",
      "Adapters know the outside world, never our domains.",
      { path: "^lib/platform/(?!auth\\.ts)" },
      { path: `${domain}|^(lib/http|app|components|gateway|worker)/` },
    ),
    forbid(
      "domain-knows-no-delivery",
      "A domain is called by HTTP, gateway and worker; it never calls back.",
      { path: domain },
      { path: "^(lib/http|app|components|gateway|worker)/" },
    ),
    forbid(
      "domain-knows-no-framework",
      "Domains outlive the web framework.",
      { path: domain },
      { path: "node_modules/(next|react|@tanstack)" },
    ),
    forbid(
      "contract-is-isomorphic",
      "The browser loads contracts, so they carry schemas and nothing else.",
      { path: "^lib/[^/]+/contract\\.ts$" },
      {
        path: "^lib/",
        pathNot: "^lib/core/|^lib/[^/]+/(contract|limit-body|cors-body|shapes|analytics-shapes|query-fields)\\.ts$",
      },
    ),
    forbid(
      "repository-is-private",
      "Ask the other domain; do not read its tables.",
      { path: "^lib/([^/]+)/" },
      { path: "^lib/[^/]+/repository\\.ts$", pathNot: "^lib/$1/" },
    ),
    forbid(
      "repository-is-private-outside-lib",
      "Only domain functions reach a repository.",
      { path: "^(app|components|gateway|worker)/" },
      { path: "^lib/[^/]+/repository\\.ts$" },
    ),
    forbid(
      "components-speak-http",
      "Browser code reaches the server through the typed client only.",
      { path: "^components/" },
      { path: "^lib/", pathNot: "^lib/core/|^lib/[^/]+/(contract|limit-body|cors-body)\\.ts$|^lib/http/client\\.ts$" },
    ),
    forbid(
      "app-does-not-query",
      "Pages and routes call domain functions, not adapters.",
      { path: "^app/" },
      { path: "^lib/platform/", pathNot: "^lib/platform/(env|auth|runtime)\\.ts$" },
    ),
    forbid(
      "data-plane-has-no-ui",
      "gateway and worker start without Next or React.",
      { path: "^(gateway|worker)/" },
      { path: "^(app|components|lib/http)/|node_modules/(next|react)/" },
    ),
    forbid(
      "steps-are-strangers",
      "A step talks to the next one through the exchange only.",
      { path: "^gateway/steps/" },
      { path: "^gateway/steps/" },
    ),
    forbid(
      "nothing-imports-entrypoints",
      "app/ is the map of URLs; nothing depends on a URL.",
      { pathNot: `${tests}|^app/` },
      { path: "^app/|^(server|middleware)\\.ts$" },
    ),
    forbid(
      "dev-is-for-development",
      "Production code never loads an emulator.",
      { path: "^(app|components|lib|gateway|worker|server\\.ts|compose\\.ts)" },
      { path: "^(dev|test|e2e)/" },
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.next|\\.prisma-client" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
