/** Name of the Pulumi project, as in Pulumi.yaml. */
export const PROJECT = "lumbung";
