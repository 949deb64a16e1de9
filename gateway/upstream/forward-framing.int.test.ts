import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { forwarder, rawUpstream } from "#test/forwarder-fixtures";
import { onRequestHead } from "#test/upstream";

const smuggled = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled";
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** What the client gets of an odd answer: 502, or the body two parsers would agree on. Never what follows it. */
const oddities: [name: string, answer: string, status: number, body?: string][] = [
  ["two different lengths", `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\nok${smuggled}`, 502],
  ["the same length twice", `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok${smuggled}`, 502],
  ["a list of lengths", `HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok${smuggled}`, 502],
  ["a negative length", `HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok${smuggled}`, 502],
  ["a hexadecimal length", `HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok${smuggled}`, 502],
  [
    "a length and chunks",
    `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    502,
  ],
  [
    "chunks and a length",
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n${smuggled}`,
    502,
  ],
  ["an unknown coding", `HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${smuggled}`, 502],
  ["bare line feeds", `HTTP/1.1 200 OK\nContent-Length: 2\n\nok${smuggled}`, 502],
  ["a folded header", `HTTP/1.1 200 OK\r\nX-A: 1\r\n b\r\nContent-Length: 2\r\n\r\nok${smuggled}`, 502],
  ["a space before the colon", `HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok${smuggled}`, 502],
  ["a NUL in a header", `HTTP/1.1 200 OK\r\nX-A: \0\r\nContent-Length: 2\r\n\r\nok${smuggled}`, 502],
  ["no HTTP at all", "SSH-2.0-OpenSSH_9.9\r\n", 502],
  [
    "an upgrade nobody asked for",
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n${smuggled}`,
    502,
  ],
  ["a status below 100", `HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok${smuggled}`, 502],
  ["a second answer behind the first", `${ok}${smuggled}`, 200, "ok"],
  ["a body where there can be none", `HTTP/1.1 304 Not Modified\r\nContent-Length: 8\r\n\r\n${smuggled}`, 304, ""],
  ["headers beyond all measure", `HTTP/1.1 200 OK\r\nX-A: ${"x".repeat(70_000)}\r\nContent-Length: 2\r\n\r\nok`, 502],
];

describe("an answer with", () => {
  it.each(oddities)("%s never spills into the next", async (_name, answer, status, body) => {
    let isOdd = true;
    const to = await rawUpstream((socket) =>
      onRequestHead(socket, () => {
        socket.write(isOdd ? answer : ok, "latin1");
        isOdd = false;
      }),
    );
    const { url } = await forwarder({ baseUrl: to.url, connectionsMax: 1, responseTimeoutMs: 500 });
    const first = await fetch(url);
    expect(first.status).toBe(status);
    if (body !== undefined) expect(await first.text()).toBe(body);
    else expect(await first.text()).not.toMatch(/smuggled/);
    for (let next = 0; next < 2; next++) expect(await (await fetch(url)).text()).toBe("ok");
  });

  it("bad chunks breaks off before them", async () => {
    const to = await rawUpstream((socket) =>
      onRequestHead(socket, () => {
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
        setTimeout(() => socket.write(`zz\r\n${smuggled}`), 20);
      }),
    );
    const { url, ended } = await forwarder({ baseUrl: to.url });
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
    expect(await ended()).toMatchObject({ kind: "broke", status: 200, responseBytes: 2 });
  });

  it("a late second answer costs the connection, not the next request", async () => {
    const to = await rawUpstream((socket) =>
      onRequestHead(socket, () => {
        socket.write(ok);
        setTimeout(() => socket.write(smuggled), 10);
      }),
    );
    const { url } = await forwarder({ baseUrl: to.url, connectionsMax: 1 });
    for (let call = 0; call < 5; call++) {
      expect(await (await fetch(url)).text()).toBe("ok");
      await sleep(20);
    }
    expect(to.connections).toBe(5);
  });
});
