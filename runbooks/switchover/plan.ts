/** Switchover: planned, both sites alive, in either direction; no acknowledged write is lost in either mode. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import { siteSeen } from "../facts.ts";
import { epochUnknown, noMajority, type Rule, refusalsBy } from "../refusals.ts";
import type { Course, Piece, Runbook } from "../runbook.ts";
import { follows, lastWrites, nearBy } from "../steps/caught-up.ts";
import { copyBefore, copyLast, hasCopies, turnCopies } from "../steps/copies.ts";
import { moveNames } from "../steps/names.ts";
import { readyToSwitch } from "../steps/ready.ts";
import { openGateway, prove } from "../steps/service.ts";
import { closeWrites, endLease, openWrites, raiseEpoch } from "../steps/writes.ts";

/** From two sites of which one follows, to the same the other way round. */
export const switchPieces = (course: Course): readonly Piece[] => [
  ...(hasCopies(course) ? [copyBefore] : []),
  ...[nearBy, closeWrites, lastWrites],
  ...(hasCopies(course) ? [copyLast] : []),
  ...[endLease, raiseEpoch, openWrites],
  ...(hasCopies(course) ? [turnCopies] : []),
  ...[openGateway, moveNames, prove, follows],
];

const notActive: Rule = ({ from, to, seen }): Text | undefined => {
  const { state } = siteSeen(seen, from);
  return state === "active"
    ? undefined
    : text(
        `${from} tidak aktif (${state}): untuk situs yang hilang atau tertutup pakai \`lumbung failover --to ${to}\``,
        `${from} is not active (${state}): for a site that is lost or closed use \`lumbung failover --to ${to}\``,
      );
};

const notStandby: Rule = ({ to, seen }) => {
  const { state } = siteSeen(seen, to);
  return state === "standby"
    ? undefined
    : text(`${to} bukan siaga yang mengikuti (${state})`, `${to} is no standby that follows (${state})`);
};

export const switchover: Runbook = {
  name: "switchover",
  title: ({ from, to }) => text(`Peralihan terencana ${from} ke ${to}`, `Planned switchover from ${from} to ${to}`),
  refusals: refusalsBy([epochUnknown, noMajority, notActive, notStandby]),
  needs: () => "planned",
  pieces: (course) => [readyToSwitch, ...switchPieces(course)],
};
