export { controlRoles, dataRoles, reservedColumns, roles } from '../../run/data-roles.ts'
export type { ColumnType, ControlRole, DataRole, RoleColumns, SourceRole } from '../../run/data-roles.ts'
