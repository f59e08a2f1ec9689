import { connectorsFileSchema, Project, settingsFileSchema } from "@stepwire/host";
import { workflowSchema, type SchemaStepType } from "@stepwire/workflow";

import { COMMON, parseCommand, projectOptions, takeAtMost } from "../args.ts";
import { EXIT } from "../exit-codes.ts";
import { printJson } from "../output/terminal.ts";
import { usage } from "../refusal.ts";

export async function schema(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, COMMON);
  takeAtMost(1, positionals, "schema");
  const [kind = "workflow"] = positionals;
  const project = await Project.open(projectOptions(values));
  const manifests = project.registry.packages.flatMap((plugin) => plugin.manifest ?? []);
  const types = manifests.flatMap((manifest) => manifest.connectorTypes);
  switch (kind) {
    case "workflow": {
      const steps = [
        ...types.flatMap(stepTypesOf),
        ...manifests.flatMap((manifest) =>
          manifest.steps.map((step): SchemaStepType => ({
            type: step.type,
            title: step.summary,
            connector: "none",
            inputSchema: step.input,
          })),
        ),
      ];
      printJson(
        workflowSchema(
          steps,
          project.connectorsFile.connectors.map((connector) => connector.name),
        ),
      );
      return EXIT.done;
    }
    case "connectors":
      printJson(connectorsFileSchema(types));
      return EXIT.done;
    case "settings":
      printJson(settingsFileSchema());
      return EXIT.done;
    default:
      throw usage(`There is no schema ${kind}. There are workflow, connectors and settings.`);
  }
}

type ManifestType = NonNullable<Project["registry"]["packages"][number]["manifest"]>["connectorTypes"][number];

/** Every `type` a step may have for this connector type: alone for its default action, and with each action's name. */
function stepTypesOf(type: ManifestType): SchemaStepType[] {
  const connector = type.optional ? "optional" : "required";
  const named = Object.entries(type.actions).map(([name, action]): SchemaStepType => ({
    type: `${type.id}.${name}`,
    title: action.summary,
    connector,
    inputSchema: action.input,
  }));
  const action = type.defaultAction === undefined ? undefined : type.actions[type.defaultAction];
  if (action === undefined) return named;
  return [{ type: type.id, title: `${type.title}: ${action.summary}`, connector, inputSchema: action.input }, ...named];
}
