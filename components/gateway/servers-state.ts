import { databaseId } from "./haproxy-cfg.ts";
import type { DatabaseRoute } from "./plan.ts";

const COLUMNS =
  "be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port";

/**
 * What the gateway takes for granted when it starts: that no database server is primary. HAProxy 3.0 takes a server for up until
 * its first check, and a recovery site would show stale data for that second. In HAProxy's format for server states, version 1.
 */
export function serversState(databases: readonly DatabaseRoute[]): string {
  const lines = databases.flatMap((database) =>
    database.servers.map((server, position) =>
      [
        [databaseId(database.port), database.name, position + 1, server.site, server.address],
        // stopped, no administrative state, weights 1, since 0 s, check failed (L7 status) with result 2, health 0, enabled
        [0, 0, 1, 1, 0, 14, 2, 0, 6, 0, 1, 1, "-", database.enginePort, "-", 0, 0, "-", "-", 0],
      ]
        .flat()
        .join(" "),
    ),
  );
  return `1\n# ${COLUMNS}\n${lines.map((line) => `${line}\n`).join("")}`;
}
