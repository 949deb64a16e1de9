import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { gather } from "#gateway/upstream/upload";
import { openRawClient } from "#test/raw-client";

it("a small body that does not come in time costs the client its connection, one that does is whole", async () => {
  const bodies: string[] = [];
  const server = createServer((req, res) => {
    const done = (bytes: Buffer) => {
      bodies.push(bytes.toString());
      res.end("done");
    };
    gather(req, done, 150);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const head = "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 6\r\n\r\n";
  const slow = await openRawClient(port, `${head}a te`);
  const brisk = await openRawClient(port, `${head}a te`);
  await sleep(30);
  brisk.send("xt");
  await brisk.until(/done/);
  await sleep(200);
  brisk.send(`${head}a text`); // the time of the first was not its time
  await brisk.until(/done[\s\S]*done/);
  expect(await slow.closed()).toBe("");
  expect(bodies).toEqual(["a text", "a text"]);
  brisk.socket.destroy();
  server.close();
});
