// Smallest service that the generated image must carry: health paths, one answer, an orderly end.
import { createServer } from "node:http";
import ms from "ms";

const HEALTHY = new Set(["/health", "/livez", "/readyz"]);
const started = Date.now();

const server = createServer((request, response) => {
  if (request.url !== undefined && HEALTHY.has(request.url)) {
    response.end("ok\n");
  } else if (request.url === "/") {
    response.end(`up for ${ms(Date.now() - started)}\n`);
  } else {
    response.writeHead(404).end();
  }
});

process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
server.listen(Number(process.env["PORT"] ?? 3000));
