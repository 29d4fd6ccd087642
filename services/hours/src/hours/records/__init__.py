"""Records (学时登记): hours from other sources, registered under the rules GZ-HR and judged one by one."""
