// Loaded before a service of ours in the drill room, where it may open unix sockets alone: what it listens on, and whatever it connects to,
// becomes one. The service itself is as production runs it.
//   LISTEN_SOCKET, DATABASE_SOCKET
import { Server, Socket } from "node:net";

const { LISTEN_SOCKET, DATABASE_SOCKET } = process.env;
const listen = /** @type {(this: Server, ...told: unknown[]) => Server} */ (Server.prototype.listen);
const connect = /** @type {(this: Socket, path: unknown) => Socket} */ (Socket.prototype.connect);

/** @param {unknown[]} told */
Server.prototype.listen = function (...told) {
  return listen.call(this, LISTEN_SOCKET, ...told.filter((one) => typeof one === "function"));
};
Socket.prototype.connect = function () {
  return connect.call(this, DATABASE_SOCKET);
};
