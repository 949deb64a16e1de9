import { type DemoAnswer, type DemoRequest, isRead, jsonObject } from "#dev/demo-upstream/exchange";
import { user } from "#dev/demo-upstream/people";
import { mixed, sentences, task, title } from "#dev/demo-upstream/texts";

type Item = Record<string, unknown>;

/** How many things of a kind there are, and number `id` of them: made when asked for, always the same. */
interface Collection {
  count: number;
  make(id: number): Item;
}

/** A thing's place under its parent: things 1–10 belong to parent 1 when each parent has ten. */
const parentOf = (id: number, each: number) => Math.ceil(id / each);

const collections: ReadonlyMap<string, Collection> = new Map([
  ["users", { count: 10, make: (id) => ({ ...user(id) }) }],
  [
    "posts",
    {
      count: 100,
      make: (id) => ({ userId: parentOf(id, 10), id, title: title(id), body: sentences(id, 3).join("\n") }),
    },
  ],
  ["comments", { count: 500, make: comment }],
  ["todos", { count: 200, make: todo }],
  ["albums", { count: 100, make: (id) => ({ userId: parentOf(id, 10), id, title: title(id + 1_000) }) }],
  ["photos", { count: 5_000, make: photo }],
]);

/** Which things can be read under which: `/posts/1/comments`. */
const nested: ReadonlyMap<string, string> = new Map([
  ["posts/comments", "postId"],
  ["users/posts", "userId"],
  ["users/albums", "userId"],
  ["users/todos", "userId"],
  ["albums/photos", "albumId"],
]);

/** JSONPlaceholder's API: its paths, shapes and counts. Writes are answered and forgotten, as there. */
export function answerPlaceholder(request: DemoRequest): DemoAnswer | undefined {
  const [name = "", id, child, ...rest] = request.segments;
  const collection = collections.get(name);
  if (!collection || rest.length > 0) return undefined;
  if (id === undefined) return answerCollection(request, collection);
  const item = itemOf(collection, id);
  if (!item) return { status: 404, body: {} };
  return child === undefined ? answerItem(request, item) : answerNested(request, name, item, child);
}

function answerCollection(request: DemoRequest, collection: Collection): DemoAnswer {
  if (isRead(request)) return answerList(request, collection, new Map());
  if (request.method !== "POST") return { status: 404, body: {} };
  const sent = jsonObject(request);
  if (!sent) return { status: 400, body: { error: "The body must be a JSON object." } };
  const id = collection.count + 1;
  return { status: 201, headers: { location: `/${request.segments[0]}/${id}` }, body: { ...sent, id } };
}

function answerItem(request: DemoRequest, item: Item): DemoAnswer {
  if (isRead(request)) return { status: 200, body: item };
  if (request.method === "DELETE") return { status: 200, body: {} };
  const sent = jsonObject(request);
  if (!sent) return { status: 400, body: { error: "The body must be a JSON object." } };
  return { status: 200, body: { ...item, ...sent, id: item.id } };
}

function answerNested(request: DemoRequest, parentName: string, parent: Item, childName: string): DemoAnswer {
  const field = nested.get(`${parentName}/${childName}`);
  const collection = collections.get(childName);
  if (!field || !collection || !isRead(request)) return { status: 404, body: {} };
  return answerList(request, collection, new Map([[field, String(parent.id)]]));
}

/** Fields of the query filter (`?userId=1`); `_start` and `_limit` take a page, and then the total is in a header. */
function answerList({ query }: DemoRequest, collection: Collection, filters: Map<string, string>): DemoAnswer {
  for (const [field, value] of query) if (!field.startsWith("_")) filters.set(field, value);
  const found = everyItem(collection).filter((item) =>
    [...filters].every(([field, value]) => !(field in item) || String(item[field]) === value),
  );
  const start = wholeNumber(query.get("_start")) ?? 0;
  const limit = wholeNumber(query.get("_limit"));
  if (limit === undefined) return { status: 200, body: found.slice(start) };
  const headers = { "x-total-count": String(found.length) };
  return { status: 200, headers, body: found.slice(start, start + limit) };
}

function everyItem({ count, make }: Collection): Item[] {
  return Array.from({ length: count }, (_, at) => make(at + 1));
}

function itemOf({ count, make }: Collection, text: string): Item | undefined {
  const id = wholeNumber(text);
  return id !== undefined && id >= 1 && id <= count ? make(id) : undefined;
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function comment(id: number): Item {
  const author = user((mixed(id) % 10) + 1) as { name: string; email: string };
  return {
    postId: parentOf(id, 5),
    id,
    name: title(id + 2_000),
    email: author.email,
    body: sentences(id + 2_000, 2).join("\n"),
  };
}

function todo(id: number): Item {
  // As JSONPlaceholder has it, because people compare.
  if (id === 1) return { userId: 1, id, title: "delectus aut autem", completed: false };
  return { userId: parentOf(id, 20), id, title: task(id), completed: mixed(id) % 3 === 0 };
}

function photo(id: number): Item {
  const colour = (mixed(id) % 0x1000000).toString(16).padStart(6, "0");
  return {
    albumId: parentOf(id, 50),
    id,
    title: title(id + 3_000),
    url: `https://images.example/600/${colour}`,
    thumbnailUrl: `https://images.example/150/${colour}`,
  };
}
