import { Context, Drop } from "liquidjs";

/**
 * Liquid's context, in which Liquid's own objects (`forloop`, `empty`) show what they are made for, and nothing that
 * every object of JavaScript has. Liquid keeps data to its own properties, and not these.
 */
export class WorkflowContext extends Context {
  override readProperty(...[target, key]: Parameters<Context["readProperty"]>): unknown {
    return (target as unknown) instanceof Drop && typeof key === "string" && key in Object.prototype
      ? (target as unknown as Drop).liquidMethodMissing(key, this)
      : super.readProperty(target, key);
  }
}
