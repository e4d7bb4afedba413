import assert from "node:assert/strict";
import { parseSockets } from "./procfs_net.ts";

/** As Linux 6.18 writes them. */
const TCP =
  `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1528 1 000000003e4b61a5 100 0 0 10 0                      
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1529 1 000000003e4b61a5 100 0 0 10 0                      
   2: 0200000A:1F90 0300000A:D431 01 00000000:00000000 00:00000000 00000000     0        0 1530 1 000000003e4b61a5 100 0 0 10 0                      
`;
const TCP6 =
  `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 43120 1 0000000050642609 100 0 0 10 0
   1: 00000000000000000000000001000000:8FED 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 43378 1 00000000b7f5e529 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:A729 0000000000000000FFFF00000100007F:8278 01 00000000:00000000 00:00000000 00000000     0        0 43121 1 0000000064b27b4a 20 4 31 11 -1
`;
const UDP =
  `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            
12420: 0100007F:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 43379 2 00000000379b282a 0         
12421: 0100007F:D87D 0100007F:0202 01 00000000:00000000 00:00000000 00000000     0        0 43380 2 00000000379b282a 0         
`;

Deno.test("parseSockets() finds TCP sockets that listen, none that has a peer", () => {
  assert.deepEqual(parseSockets("tcp", TCP), [
    { protocol: "tcp", address: "0.0.0.0", port: 2024, uid: 0 },
    { protocol: "tcp", address: "127.0.0.1", port: 8080, uid: 1000 },
  ]);
  assert.deepEqual(parseSockets("tcp6", TCP6), [
    { protocol: "tcp6", address: "::", port: 8080, uid: 0 },
    { protocol: "tcp6", address: "::1", port: 36845, uid: 0 },
  ]);
});

Deno.test("parseSockets() finds UDP sockets that are bound, none that is connected", () => {
  assert.deepEqual(parseSockets("udp", UDP), [{ protocol: "udp", address: "127.0.0.1", port: 514, uid: 0 }]);
});

Deno.test("parseSockets() reverses the bytes of each 32 bits, not of the address", () => {
  const line = "0: B80D012000000000000000006745230A:0050 0:0 0A 0:0 0:0 0 0 0 1";
  assert.equal(parseSockets("tcp6", `head\n${line}`)[0]?.address, "2001:db8::a23:4567");
});

Deno.test("parseSockets() leaves out what it cannot read, and ends a flood", () => {
  assert.deepEqual(parseSockets("tcp", "head\n0: zz:0050 0:0 0A 0:0 0:0 0 0\n\n0: 0100007F:0050\n"), []);
  const flood = "head\n" + "0: 0100007F:0050 0:0 0A 0:0 0:0 0 0 0 1\n".repeat(5000);
  assert.equal(parseSockets("tcp", flood).length, 4096);
});
