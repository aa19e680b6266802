import type { Migration } from './index.ts';

export const clusterPersons: Migration = {
  name: '0010-cluster-persons',
  sql: `
-- Whose a cluster is is found without a look at each of its faces' rows.
DROP INDEX face_group_cluster;
CREATE INDEX face_group_cluster ON face_group (cluster_id, person_id);
`,
};
